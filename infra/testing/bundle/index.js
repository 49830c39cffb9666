// Stands for a bundled function, so that templates in tests don't change with its code.
exports.handler = async () => undefined;
