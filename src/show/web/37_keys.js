// A chart by keyboard: arrow keys go along its points, each of which is shown and said as if a
// pointer were there; Enter does what a click does.

// The marks that a pointer would be told of, from left to right: {item, value, box}.
function chartStops(view) {
  const stops = [];
  const walk = (mark) => {
    if (mark.marktype === 'group') mark.items.forEach((group) => group.items.forEach(walk));
    // The cells around places are there for the pointer alone.
    else if (mark.role === 'mark' && mark.marktype !== 'path') {
      for (const item of mark.items) {
        const box = item.tooltip && item._svg?.getBoundingClientRect();
        if (box) stops.push({ item, value: item.tooltip, box });
      }
    }
  };
  walk(view.scenegraph().root);
  return stops[0]?.item.mark.marktype === 'arc' ? stops
    : stops.sort((a, b) => a.box.left - b.box.left || a.box.top - b.box.top);
}

// Bars that lie are as thick as each other, one below the other.
const isLying = (stops) => stops[0].item.mark.marktype === 'rect' && ['height', 'top'].every(
  (side, index) => Math.abs(stops[0].box[side] - stops.at(-1).box[side]) < 1 === (index === 0));

// Where a key leads: along a series, or from one to another at the same place; where there is no
// other in that direction, to the next one of all.
function stopAfter(stops, now, key, isHeatmap) {
  if (key === 'Home' || !now) return stops[0];
  if (key === 'End') return stops.at(-1);
  const lying = !isHeatmap && isLying(stops);
  const along = /Up|Down/.test(key) === lying;
  const name = along ? isHeatmap ? 'y' : 'series' : 'x';
  const same = stops.filter(({ value }) => String(value[name]) === String(now.value[name]));
  const list = same.length > 1 ? same : stops;
  if (lying) list.sort((a, b) => a.box.top - b.box.top);
  return list[list.indexOf(now) + (/Left|Up/.test(key) ? -1 : 1)] ?? now;
}

function chartKeys(card, view, plot) {
  const { host, answer } = card;
  const ring = element('span', { class: 'ring', hidden: true });
  let chosen = null;
  plot.append(ring);
  plot.addEventListener('blur', () => {
    ring.hidden = true;
    host.tip(null, null);
  });
  plot.addEventListener('keydown', (event) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const stops = chartStops(view);
    let now = stops.find(({ item }) => item === chosen);
    if (key === 'Escape' && !ring.hidden) {
      event.preventDefault();
      ring.hidden = true;
      host.tip(null, null);
    } else if (/^(Arrow|Home$|End$)/.test(key) && stops.length > 0) {
      event.preventDefault();
      now = stopAfter(stops, now, key, chartFields(answer).color);
      chosen = now.item;
      const { left, top, width, height } = now.box;
      const outer = plot.getBoundingClientRect();
      ring.hidden = false;
      ring.style.cssText = `left:${left - outer.left}px;top:${top - outer.top}px;width:${
        width}px;height:${height}px`;
      host.tip({ clientX: left + width / 2, clientY: top + Math.min(height, 40) },
        tipNodes(answer, now.value, host.format));
      const { label, pairs } = tipTexts(answer, now.value, host.format);
      host.say([label, ...pairs.map((pair) => pair.join(' '))].filter(Boolean).join(', '));
    } else if ((key === 'Enter' || key === ' ') && now) {
      event.preventDefault();
      const { left, top, width, height } = now.box;
      chartClicked(card, { clientX: left + width / 2, clientY: top + height / 2 }, now.item);
    }
  });
}
