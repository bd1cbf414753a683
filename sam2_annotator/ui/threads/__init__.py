"""ui/threads"""
