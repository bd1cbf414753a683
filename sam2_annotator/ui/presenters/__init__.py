"""Turn the document and the view state into the values canvas and panels show; nothing here changes anything."""
