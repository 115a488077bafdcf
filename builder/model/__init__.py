"""The frozen types that stages hand to each other.

This file loads nothing: whoever imports a diagnostic need not wait for pydantic.
"""
