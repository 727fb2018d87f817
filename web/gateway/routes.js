// For nginx's njs: what its own language cannot say. Nothing in here is kept between requests.

import crypto from 'crypto';

// Whose limit a request counts for: that of its token, by its signature, which nobody can make up.
// By the bytes of the signature, since the same ones can be written in more than one way.
// Empty: no token, no such limit.
function caller(r) {
  const signature = Buffer.from((r.variables.bearer || '').split('.').pop(), 'base64url');

  if (signature.length === 0) return '';
  return crypto.createHash('sha256').update(signature).digest('base64url');
}

export default { caller };
