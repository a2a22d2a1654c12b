// Validates an AsyncAPI document: node asyncapi.mjs FILE. Beside it there must be node_modules with @asyncapi/parser.
import { Parser, fromFile } from '@asyncapi/parser';

const ERROR = 0;
const WARNING = 1;

const parser = new Parser();
// The .avsc files name each other's types, which no parser of single files can follow; the tests hold them against the topics.
parser.registerSchemaParser({
  getMimeTypes: () => ['application/vnd.apache.avro;version=1.9.0'],
  validate: () => [],   // not asked for documents of version 3
  parse: ({ data, path }) => {
    if (data?.type !== 'record' || !data.namespace) {
      throw new Error(`${path.join('.')} is no Avro record`);
    }
    return data;
  },
});

const { document, diagnostics } = await fromFile(parser, process.argv[2]).parse();
const wrong = diagnostics.filter(found => found.severity === ERROR || found.severity === WARNING);
for (const found of wrong) {
  console.error(`${process.argv[2]}: ${found.path.join('.')}: ${found.message} (${found.code})`);
}
if (wrong.length > 0 || !document) {
  process.exit(1);
}
console.log(`${process.argv[2]}: ${document.channels().length} channels, ${document.operations().length} operations, no problems`);
