# Said twice on purpose: the agents' default policy denies as well, but `consul intention check` only knows this entry.
Kind = "service-intentions"
Name = "*"
Sources = [
  {
    Name   = "*"
    Action = "deny"
  }
]
