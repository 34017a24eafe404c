import { Auth0Provider, useAuth0, withAuthenticationRequired } from '@auth0/auth0-react';
import { createRoot } from 'react-dom/client';

function Home() {
  const { isLoading, error, user, loginWithRedirect, loginWithPopup, logout } = useAuth0();
  if (isLoading) return <h1>Loading</h1>;
  if (error) return <h1>Failed</h1>;
  return (
    <>
      <h1>{user ? `Hello ${user.email}` : 'Nobody'}</h1>
      <button onClick={() => loginWithRedirect()}>Log in</button>
      <button onClick={() => loginWithPopup()}>Log in with a popup</button>
      <button onClick={() => logout({ logoutParams: { returnTo: location.origin } })}>Log out</button>
    </>
  );
}

const Guarded = withAuthenticationRequired(() => <h1>Guarded page</h1>);
const Page = location.pathname === '/guarded' ? Guarded : Home;

// `config` comes from the test. The rest is the SDK's quick start.
createRoot(document.getElementById('root')).render(
  <Auth0Provider authorizationParams={{ redirect_uri: location.origin }} {...window.config}>
    <Page />
  </Auth0Provider>,
);
