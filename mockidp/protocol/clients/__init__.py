"""How clients register and authenticate."""
