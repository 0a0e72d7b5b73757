"""The sandbox: the whole product on one machine, with stand-ins for Slack and every vendor."""
