"""What panels and dialogs share to show and edit labels and attributes."""
