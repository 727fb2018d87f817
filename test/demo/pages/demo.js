// An application with one dashboard. The tenant is in the token, and nowhere else: the elements ask
// the same questions whoever is signed in.

// A token, fresh from the application's own function.
async function signIn(tenant) {
  const answer = await fetch('/sign-in', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ tenant }),
  });
  if (!answer.ok) throw new Error(`signing in: ${answer.status}`);
  return answer.json();
}

// The id of the dashboard that is called so, of those that the token's bearer may see.
async function find(name, token) {
  const answer = await fetch(`/rpc/prismiq_dashboard_get_by_name?name=${encodeURIComponent(name)}`,
    { headers: { Authorization: `Bearer ${token}` } });
  return (await answer.json()).id;
}

const main = document.querySelector('main');
const chosen = () => document.querySelector('input[name=tenant]:checked').value;

// Show it to the tenant that is chosen: another one gets a new element, and nothing of the old.
async function show() {
  const tenant = chosen();
  const token = await signIn(tenant);
  const id = await find('Flights', token);

  if (tenant !== chosen()) return;
  const dashboard = document.createElement('prismiq-dashboard');
  dashboard.setAttribute('dashboard-id', id);
  dashboard.setAttribute('heading-level', '1');
  dashboard.token = token;
  // The token has expired: another one, for whom this element was made.
  dashboard.addEventListener('prismiq-token', (event) => event.detail.respond(signIn(tenant)));
  main.replaceChildren(dashboard);
}

document.querySelector('fieldset').addEventListener('change', show);
await show();
