"""The whole product in one process: people say lines and press buttons, stand-ins show the result."""
