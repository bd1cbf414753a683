"""ui/canvas"""
