import { createAuth0, useAuth0 } from '@auth0/auth0-vue';
import { createApp, h } from 'vue';

const Home = {
  setup() {
    const auth = useAuth0();
    window.auth = auth; // for the test
    const button = (onClick, text) => h('button', { onClick }, text);
    const heading = () => {
      if (auth.isLoading.value) return 'Loading';
      if (auth.error.value) return 'Failed';
      return auth.user.value ? `Hello ${auth.user.value.email}` : 'Nobody';
    };
    const alert = () => auth.error.value && `${auth.error.value.error}: ${auth.error.value.message}`;
    return () => [
      h('h1', heading()),
      h('p', { role: 'alert' }, alert()),
      button(() => auth.loginWithRedirect(), 'Log in'),
      button(() => auth.loginWithPopup(), 'Log in with a popup'),
      button(() => auth.logout({ logoutParams: { returnTo: location.origin } }), 'Log out'),
    ];
  },
};

// `config` comes from the test. The rest is the SDK's quick start.
const { authorizationParams, ...config } = window.config;
const plugin = createAuth0({
  authorizationParams: { redirect_uri: location.origin, ...authorizationParams },
  ...config,
});
createApp(Home).use(plugin).mount('#root');
