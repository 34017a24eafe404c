"""How clients authenticate and register themselves."""
