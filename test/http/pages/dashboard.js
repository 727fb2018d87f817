// A page of an application. What it shows was put into window.given before it was opened:
// {element, token, fresh, attributes: {name: value}, properties: {name: value}}; "fresh" is the
// token that the element gets when it asks for another, "words" what is said in place of English.

const { element = 'prismiq-dashboard', token, fresh, words, attributes = {}, properties = {} }
  = window.given;
if (words) (await import('/assets/prismiq.js')).translate(words);
const shown = document.createElement(element);

window.events = [];
for (const type of ['ready', 'data', 'error', 'point', 'drill', 'filters', 'click', 'token']) {
  shown.addEventListener(`prismiq-${type}`, (event) => {
    window.events.push({ type, detail: event.detail });
    if (type === 'token' && fresh) event.detail.respond(Promise.resolve(fresh));
    window.answer?.(event);
  });
}
for (const [name, value] of Object.entries(attributes)) shown.setAttribute(name, value);
Object.assign(shown, properties);
if (token) shown.token = token;
window.shown = shown;
document.querySelector('main').append(shown);
