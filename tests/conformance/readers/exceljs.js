// Prints every cell of a workbook as exceljs reads it: {sheet: {address: [value, formula]}}, dates as ISO text.
const ExcelJS = require("exceljs");

function plain(value) {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object") return value;
  if ("error" in value) return value.error;
  if ("richText" in value) return value.richText.map((run) => run.text).join("");
  if ("text" in value) return plain(value.text);
  return value;
}

async function main(path) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const sheets = {};
  for (const sheet of book.worksheets) {
    const cells = {};
    sheet.eachRow((row) => row.eachCell((cell) => {
      if (cell.isMerged && cell.master !== cell) return;
      cells[cell.address] = [plain(cell.formula ? cell.result : cell.value), cell.formula ?? null];
    }));
    sheets[sheet.name] = cells;
  }
  process.stdout.write(JSON.stringify(sheets));
}

main(process.argv[2]);
