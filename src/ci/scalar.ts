/**
 * A text as a YAML value: plain where every YAML reader takes it for this text, else in double
 * quotes (whose escapes are JSON's). `1.10` would be read as the number 1.1.
 */
export function scalar(text: string): string {
  const plain =
    /^[\w./(][\w./():@=&$<>*+,'" -]*$/.test(text) &&
    !/: |:$| #| $|^\d+\.\d+$|^(?:true|false|null|yes|no|on|off|~)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
