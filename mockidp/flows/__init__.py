"""What a tenant does when asked: each flow takes the tenant and a request, and answers or refuses."""
