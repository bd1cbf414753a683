"""ui/theme"""
