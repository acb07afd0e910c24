// In the place of a library's files (see jest.config.js): what the worker has loaded of it outside of Jest, once and not for every test file.
module.exports = {
  process: (_text, file) => ({ code: `module.exports = globalThis.requiredOutside(${JSON.stringify(file)});` }),
  getCacheKey: (_text, file) => `once ${file}`,
};
