// HOST:PORT from the command line.
export const [host, portText] = process.argv[2].split(':');
export const port = Number(portText);
