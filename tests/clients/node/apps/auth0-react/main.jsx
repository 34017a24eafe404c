import { Auth0Provider, useAuth0, withAuthenticationRequired } from '@auth0/auth0-react';
import { createRoot } from 'react-dom/client';

function Home() {
  const auth = useAuth0();
  window.auth = auth; // for the test
  const { isLoading, error, user, loginWithRedirect, loginWithPopup, logout } = auth;
  if (isLoading) return <h1>Loading</h1>;
  return (
    <>
      <h1>{error ? 'Failed' : user ? `Hello ${user.email}` : 'Nobody'}</h1>
      <p role="alert">{error && `${error.error}: ${error.message}`}</p>
      <button onClick={() => loginWithRedirect()}>Log in</button>
      <button onClick={() => loginWithPopup()}>Log in with a popup</button>
      <button onClick={() => logout({ logoutParams: { returnTo: location.origin } })}>Log out</button>
    </>
  );
}

const Guarded = withAuthenticationRequired(() => <h1>Guarded page</h1>);
const Page = location.pathname === '/guarded' ? Guarded : Home;

// `config` comes from the test. The rest is the SDK's quick start.
const { authorizationParams, ...config } = window.config;
createRoot(document.getElementById('root')).render(
  <Auth0Provider authorizationParams={{ redirect_uri: location.origin, ...authorizationParams }} {...config}>
    <Page />
  </Auth0Provider>,
);
