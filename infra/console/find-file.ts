/**
 * The CloudFront function that finds the file of a path, as source text: a path of the console is a place in its one page;
 * below `/docs` every path is a file, or a folder with an `index.html`.
 */
export const findFileSource = `
function handler(event) {
  var request = event.request;
  var last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (last.indexOf('.') !== -1) return request;
  if (request.uri === '/docs' || request.uri.indexOf('/docs/') === 0) {
    request.uri += last === '' ? 'index.html' : '/index.html';
  } else {
    request.uri = '/index.html';
  }
  return request;
}
`.trim();
