Auth0.setClient({
  id: 'acme-spa',
  tenant: 'acme',
  strategies: [
    {
      name: 'auth0',
      connections: [
        { name: 'Username-Password-Authentication', passwordPolicy: 'good', showSignup: true, showForgot: true },
      ],
    },
  ],
});
