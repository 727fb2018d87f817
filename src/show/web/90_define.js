// The elements by their names; a page that loads the module twice has them once.

for (const [name, constructor] of [['prismiq-filter-bar', PrismiqFilterBar],
  ['prismiq-widget', PrismiqWidget], ['prismiq-dashboard', PrismiqDashboard]]) {
  if (!customElements.get(name)) customElements.define(name, constructor);
}

export { translate, PrismiqDashboard, PrismiqFilterBar, PrismiqWidget };
