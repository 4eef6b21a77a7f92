"""What a finished run says about its critic, its threshold and its passes, without a call."""
