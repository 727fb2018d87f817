// What a page of prismiq_dashboard_page() brings along: a dashboard and its first answers, as
// tables within the element. The rows of a chart are not there, only what it draws.

const told = (node, name) => JSON.parse(node.getAttribute(`data-${name}`) ?? 'null');

// The rows of a table: each is a list, or an object whose other members are cells.
function tableRows(table) {
  const keys = [...table.tHead.rows[0].cells].map((cell) => cell.dataset.key);
  return [...table.tBodies[0].rows].map((row) => {
    const value = told(row, 'v');
    if (Array.isArray(value)) return value;
    keys.forEach((key, index) => {
      if (key && !Object.hasOwn(value, key)) value[key] = row.cells[index].textContent;
    });
    return value;
  });
}

// The answer of a widget; null where there is none yet.
function firstAnswer(article) {
  const answer = told(article, 'answer');
  if (!answer || answer.error) return answer;
  const table = article.querySelector('table');
  switch (table?.dataset.of ?? answer.shape) {
    case 'rows':
      answer.rows = tableRows(table);
      if (answer.custom && !answer.custom.endpoint) {
        answer.custom.data = answer.rows.map((row) => Object.fromEntries(
          answer.columns.map(({ name }, index) => [name, row[index]])));
      }
      break;
    case 'values': answer.spec.data.values = tableRows(table); break;
    case 'services': answer.status.services = tableRows(table); break;
    case 'text': answer.text.content = article.querySelector('pre').textContent; break;
    default:
  }
  return answer;
}

// All of it, once; null where the page has none, or none that can be read.
function takeFirst(host) {
  if (!host.hasAttribute('data-dashboard')) return null;
  try {
    const articles = [...host.querySelectorAll(':scope > article')];
    return { config: told(host, 'config') ?? {},
      dashboard: { ...told(host, 'dashboard'),
        widgets: articles.map((article) => told(article, 'widget')) },
      answers: articles.map(firstAnswer) };
  } catch (error) {
    console.warn('prismiq: the first answers cannot be read', error);
    return null;
  } finally {
    host.removeAttribute('data-dashboard');
  }
}
