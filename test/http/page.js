// A page of an application: it asks the gateway, whose address and token are in the fragment, and
// shows the number or what is wrong.

const { gateway, token, table } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const output = document.getElementById('number');

try {
  const response = await fetch(`${gateway}/rpc/prismiq_query`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      definition: {
        tables: [{ id: 't', name: table }],
        columns: [{ table_id: 't', column: '*', aggregation: 'count' }],
      },
    }),
  });
  const answer = await response.json();
  output.textContent = response.ok ? answer.rows[0][0] : answer.message;
  output.dataset.state = response.ok ? 'answered' : 'refused';
} catch (error) {
  output.textContent = error;
  output.dataset.state = 'failed';
}
