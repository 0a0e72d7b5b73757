"""The infrastructure bot: plan, approve, apply, verify, write down."""
