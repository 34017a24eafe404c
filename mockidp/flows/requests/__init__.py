"""What flows read from any request, and limits that apply to all."""
