"""The frozen types that stages hand to each other. It loads nothing: whoever imports a diagnostic need not pay for pydantic."""
