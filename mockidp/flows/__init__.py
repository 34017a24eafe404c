"""What a tenant does when asked: a flow takes the tenant and a request, and answers or refuses."""
