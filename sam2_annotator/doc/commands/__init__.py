"""doc/commands"""
