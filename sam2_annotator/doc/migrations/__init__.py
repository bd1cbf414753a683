"""doc/migrations"""
