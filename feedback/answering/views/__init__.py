"""The pages anybody may open for a response that was sent, and what all public pages keep to."""
