"""Makes the originals of the sample materials, and materials.jsonl, from sources/*.md.

Run by maintainers: make_originals.py [ID …] makes the originals that are missing and those named, and materials.jsonl.
The results are committed, so neither the build nor the tests need it.
Needs: WeasyPrint, python-docx, python-pptx, openpyxl, ebooklib, markdown, PyYAML, Pillow; soffice, pdftoppm, espeak-ng, sox.
"""
import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

import markdown
import yaml

HERE = Path(__file__).parent
OUT = HERE / "materials"
ENDINGS = {"scan-pdf": "pdf", "audio": "ogg"}
CSS = """@page{size:%s;margin:18mm 16mm;@top-center{content:"Học liệu Quảng Trị – %s";font-size:8pt;color:#555}
@bottom-center{content:"Trang " counter(page) " / " counter(pages);font-size:8pt}}
body{font-family:"Noto Serif","Liberation Serif","Noto Serif Lao",serif;font-size:%s;line-height:1.5}
h1{color:#97191c;font-size:1.7em;line-height:1.25}h2{color:#97191c;font-size:1.25em;margin-top:1.2em}
blockquote{border-left:3px solid #b67a12;margin-left:0;padding-left:.8em;font-size:.9em}
table{border-collapse:collapse;width:100%%;margin:.6em 0}th,td{border:1px solid #999;padding:4px 6px;text-align:left}th{background:#f3e8d6}
tr{break-inside:avoid}table.wide{font-size:.62em}table.wide th,table.wide td{padding:2px 3px}"""
# A table of more columns is set smaller, so that none runs off the page.
MANY_COLUMNS = 6
# The longest title in the running head, in characters.
HEAD_CHARS = 56


def plain(text):
    return re.sub(r"[*_`]", "", text)


def blocks(body):
    """The Markdown body as (kind, value): headings, paragraphs, list items, tables."""
    table = []
    for line in body.split("\n") + [""]:
        if line.startswith("|"):
            cells = [plain(cell.strip()) for cell in line.strip("|").split("|")]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                table.append(cells)
            continue
        if table:
            yield "table", table
            table = []
        line = line.strip()
        if match := re.match(r"(#+) (.*)", line):
            yield f"h{len(match[1])}", plain(match[2])
        elif match := re.match(r"(?:[-*]) (.*)", line):
            yield "bullet", plain(match[1])
        elif match := re.match(r"\d+[.)] (.*)", line):
            yield "number", plain(match[1])
        elif line:
            yield "p", plain(line.removeprefix("> "))


def page_html(meta, body):
    return markdown.markdown(body, extensions=["tables", "sane_lists"])


def with_wide_tables(html):
    def marked(match):
        columns = match[0].split("</tr>")[0].count("<th>")
        return match[0].replace("<table>", '<table class="wide">', 1) if columns > MANY_COLUMNS else match[0]
    return re.sub(r"<table>.*?</table>", marked, html, flags=re.S)


def running_head(title):
    if len(title) <= HEAD_CHARS:
        return title
    return title[:HEAD_CHARS].rsplit(" ", 1)[0].rstrip(" ,:;–(") + " …"


def pdf(meta, body, path):
    from weasyprint import CSS as Sheet, HTML
    small = meta.get("page_size") == "a5"
    style = CSS % ("A5" if small else "A4", running_head(meta["title"]).replace('"', ""), "13pt" if small else "12pt")
    document = f'<html lang="{meta["languages"][0]}"><head><title>{meta["title"]}</title></head><body>{with_wide_tables(page_html(meta, body))}</body></html>'
    HTML(string=document).write_pdf(path, stylesheets=[Sheet(string=style)])


def scan(meta, body, path):
    from PIL import Image, ImageFilter
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "x.pdf"
        pdf(meta, body, whole)
        subprocess.run(["pdftoppm", "-gray", "-r", "110", "-png", whole, f"{folder}/p"], check=True)
        pages = [Image.open(p).rotate(0.4, fillcolor=255).filter(ImageFilter.GaussianBlur(0.4)).convert("L")
                 for p in sorted(Path(folder).glob("p*.png"))]
        pages[0].save(path, save_all=True, append_images=pages[1:], quality=45)


def docx(meta, body, path):
    from docx import Document
    document = Document()
    document.core_properties.title = meta["title"]
    styles = {"bullet": "List Bullet", "number": "List Number"}
    for kind, value in blocks(body):
        if kind == "h1":
            document.add_heading(value, 0)
        elif kind.startswith("h"):
            document.add_heading(value, int(kind[1]) - 1)
        elif kind == "table":
            table = document.add_table(rows=0, cols=max(map(len, value)), style="Table Grid")
            for row in value:
                for cell, text in zip(table.add_row().cells, row):
                    cell.text = text
        else:
            document.add_paragraph(value, style=styles.get(kind))
    document.save(path)


def convert(kind):
    def make(meta, body, path):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / f"{path.stem}.docx"
            docx(meta, body, source)
            subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
                            kind, "--outdir", folder, source], check=True, stdout=subprocess.DEVNULL)
            shutil.copy(Path(folder) / f"{path.stem}.{kind}", path)
    return make


def pptx(meta, body, path):
    from pptx import Presentation
    deck = Presentation()
    deck.core_properties.title = meta["title"]
    slide = text = None
    for kind, value in blocks(body):
        if kind in ("h1", "h2"):
            slide = deck.slides.add_slide(deck.slide_layouts[0 if kind == "h1" else 1])
            slide.shapes.title.text = value
            text = slide.placeholders[1].text_frame
            text.text = ""
        elif kind == "table":
            for row in value:
                text.add_paragraph().text = " – ".join(row)
        elif value.startswith("Ghi chú:"):
            slide.notes_slide.notes_text_frame.text = value
        elif not text.text:
            text.text = value
        else:
            text.add_paragraph().text = value
    deck.save(path)


def xlsx(meta, body, path):
    from openpyxl import Workbook
    book = Workbook()
    sheet = book.active
    sheet.title = "Hướng dẫn"
    for kind, value in blocks(body):
        if kind == "h2":
            sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", value)[:31])
        elif kind == "table":
            for row in value:
                sheet.append(row)
        else:
            sheet.append([value])
    book.properties.title = meta["title"]
    book.save(path)


def epub(meta, body, path):
    from ebooklib import epub as books
    book = books.EpubBook()
    book.set_identifier(meta["id"])
    book.set_title(meta["title"])
    book.set_language(meta["languages"][0])
    parts = re.split(r"(?m)^(?=## )", body)
    chapters = []
    for number, part in enumerate(parts):
        title = plain(part.strip().split("\n")[0].lstrip("# "))
        chapter = books.EpubHtml(title=title, file_name=f"c{number}.xhtml", lang=meta["languages"][0])
        chapter.content = page_html(meta, part) or "<p></p>"
        book.add_item(chapter)
        chapters.append(chapter)
    book.toc, book.spine = chapters, chapters
    book.add_item(books.EpubNcx())
    book.add_item(books.EpubNav())
    books.write_epub(path, book)


def html(meta, body, path):
    path.write_text(f"""<!doctype html>
<html lang="{meta['languages'][0]}"><head><meta charset="utf-8"><title>{meta['title']}</title></head>
<body><nav><a href="#a">Trang chủ</a> <a href="#b">Tin tức</a></nav>
<main><article>{page_html(meta, body)}</article></main>
<footer>Trang mẫu của thư viện học liệu</footer></body></html>
""", encoding="utf-8")


def text(meta, body, path):
    lines = [" | ".join(r) if isinstance(v, list) else v for k, v in blocks(body) for r in ([None] if not isinstance(v, list) else v)]
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def md(meta, body, path):
    path.write_text(body.strip() + "\n", encoding="utf-8")


def audio(meta, body, path):
    with tempfile.TemporaryDirectory() as folder:
        wave = f"{folder}/x.wav"
        spoken = " ".join(v for k, v in blocks(body) if k != "table")
        subprocess.run(["espeak-ng", "-v", "vi", "-s", "150", "-w", wave, spoken], check=True)
        subprocess.run(["sox", wave, "-r", "16000", "-C", "0", str(path)], check=True)


MAKERS = {"pdf": pdf, "scan-pdf": scan, "docx": docx, "odt": convert("odt"), "doc": convert("doc"), "pptx": pptx,
          "xlsx": xlsx, "epub": epub, "html": html, "txt": text, "md": md, "audio": audio}


def area_ids():
    found = {}
    with open(HERE / "areas.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["id"].startswith("qt."):
                found[unicodedata.normalize("NFC", row["name"])] = row["id"]
    return found


def record(meta, body, areas, path):
    keep = ["id", "title", "summary", "topics", "organisation", "authors", "languages", "kind", "level", "audiences",
            "season", "licence", "document_number", "sources"]
    line = {name: meta[name] for name in keep if meta.get(name)}
    line["issued_on"] = str(meta["issued_on"])
    line["areas"] = []
    for name in meta.get("areas") or []:
        if name in areas:
            line["areas"].append(areas[name])
        else:
            print(f"{meta['id']}: no area {name}")
    line["sample"] = True
    if meta["format"] == "audio":
        # Captions are timed by hand where somebody speaks anew; they hold the whole text.
        line["files"] = [str(file.relative_to(HERE)) for file in (path, path.with_suffix(".vtt"))]
    else:
        line["file"] = str(path.relative_to(HERE))
    return line


def main(wanted):
    OUT.mkdir(exist_ok=True)
    areas, lines = area_ids(), []
    for source in sorted((HERE / "sources").glob("*.md")):
        _, front, body = source.read_text(encoding="utf-8").split("---\n", 2)
        meta = yaml.safe_load(front)
        path = OUT / f"{meta['id']}.{ENDINGS.get(meta['format'], meta['format'])}"
        if not path.exists() or meta["id"] in wanted:
            MAKERS[meta["format"]](meta, body, path)
        lines.append(record(meta, body, areas, path))
    with open(HERE / "materials.jsonl", "w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(f"{len(lines)} materials")


if __name__ == "__main__":
    main(sys.argv[1:])
