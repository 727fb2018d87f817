// A panel as an image: what is seen of it, drawn anew where it stands. Nothing is loaded for it, so
// that no policy has to let images of data through.

// What is there for those who look at the page alone.
const NOT_IN_IMAGES = '.actions, .hidden, .ring, .pager button, [popover]';

const isSeen = (color) => !/^rgba\(.*, 0\)$|\/ 0\)$/.test(color);

// The ground of an element, and the lines below and above it.
function paintBox(context, style, { left, top, width, height }) {
  context.fillStyle = style.backgroundColor;
  context.beginPath();
  context.roundRect(left, top, width, height, parseFloat(style.borderTopLeftRadius) || 0);
  if (isSeen(style.backgroundColor)) context.fill();
  for (const [side, y] of [['Top', top], ['Bottom', top + height]]) {
    const line = parseFloat(style[`border${side}Width`]);
    if (!line || !isSeen(style[`border${side}Color`])) continue;
    context.fillStyle = style[`border${side}Color`];
    context.fillRect(left, y - (side === 'Bottom' ? line : 0), width, line);
  }
}

// Text, word by word: lines are broken as they are in the page.
function paintText(context, node, style) {
  const range = document.createRange();
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.letterSpacing = style.letterSpacing === 'normal' ? '0px' : style.letterSpacing;
  context.direction = style.direction;
  context.textAlign = 'left';
  context.fillStyle = style.color;
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getClientRects()[0];
    if (!box) continue;
    const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below }
      = context.measureText(word);
    context.fillText(word, box.left, box.top + (box.height + above - below) / 2);
  }
}

// A path or a rectangle of our own small pictures.
function paintShape(context, shape, style) {
  const path = new Path2D();
  const matrix = shape.getScreenCTM();
  const of = (name) => Number(shape.getAttribute(name) ?? 0);
  const own = new Path2D(shape.getAttribute('d') ?? '');
  if (shape.localName === 'rect') own.rect(of('x'), of('y'), of('width'), of('height'));
  path.addPath(own, matrix);
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * style.fillOpacity;
  context.fillStyle = style.fill;
  if (style.fill !== 'none') context.fill(path);
  context.globalAlpha = alpha;
  if (style.stroke === 'none') return;
  const scale_ = style.vectorEffect === 'none' ? matrix.a : 1;
  Object.assign(context, { strokeStyle: style.stroke, lineCap: style.strokeLinecap,
    lineJoin: style.strokeLinejoin, lineWidth: parseFloat(style.strokeWidth) * scale_ });
  context.setLineDash(style.strokeDasharray === 'none' ? []
    : style.strokeDasharray.split(/[ ,]+/).map((part) => parseFloat(part) * scale_));
  context.stroke(path);
}

function paint(context, node, charts) {
  if (node.nodeType === Node.TEXT_NODE) {
    return void paintText(context, node, getComputedStyle(node.parentNode));
  }
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(NOT_IN_IMAGES)) return;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const { left, top, width, height } = box;
  if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return;
  context.save();
  context.globalAlpha *= style.opacity;
  if (charts.has(node)) context.drawImage(charts.get(node), left, top, width, height);
  else if (/^(path|rect)$/.test(node.localName)) paintShape(context, node, style);
  else if (node.localName === 'canvas') {
    const fit = Math.min(width / node.width, height / node.height);
    context.drawImage(node, left + (width - node.width * fit) / 2,
      top + (height - node.height * fit) / 2, node.width * fit, node.height * fit);
  } else {
    if (node.localName !== 'svg') paintBox(context, style, box);
    if (style.display === 'list-item' && style.listStyleType === 'disc') {
      context.fillStyle = style.color;
      context.fillRect(left - 12, top + 8, 4, 4);
    }
    if (!/visible/.test(style.overflow)) {
      context.beginPath();
      context.rect(left, top, width, height);
      context.clip();
    }
    node.childNodes.forEach((child) => paint(context, child, charts));
  }
  context.restore();
}

// Twice as large as it is on the page, which is sharp on paper too.
async function panelImage({ section, view }) {
  const ratio = 2;
  const charts = new Map();
  const plot = section.querySelector('.chart > div');
  if (view && plot) charts.set(plot, await view.toCanvas(ratio));
  const { left, top, width, height } = section.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  context.translate(-left, -top);
  paint(context, section, charts);
  return new Promise((done) => { canvas.toBlob(done, 'image/png'); });
}
