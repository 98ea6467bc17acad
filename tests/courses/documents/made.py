"""Documents made by the tests: whole, and hostile ones."""

import io
import zipfile
from collections.abc import Iterable

import docx
import pptx
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image
from pptx.util import Inches
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
A4 = (595, 842)
WORDS = ("防汛预案一村一册，汛前查一遍。", "低洼处的人家先转移，老人由帮带人接。")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def pdf(
    pages: int = 3, *, size: tuple[float, float] = A4, words: Iterable[str] = WORDS, password: str = ""
) -> bytes:
    """A PDF with the same words on every page."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, encrypt=StandardEncryption(password) if password else None)
    for number in range(1, pages + 1):
        canvas.setFont(FONT, 14)
        for line, text in enumerate([f"第{number}页", *words]):
            canvas.drawString(60, size[1] - 80 - 30 * line, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def picture(width: int = 400, height: int = 300) -> io.BytesIO:
    """A PNG picture."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(file, "PNG")
    file.seek(0)
    return file


def word() -> bytes:
    """Headings, paragraphs, a list, a table with merged cells, and a picture with words."""
    made = docx.Document()
    made.add_heading("档案目录", level=1)
    made.add_paragraph("村级档案一年一归，<b>不</b>留尾巴。")
    made.add_paragraph("会议记录", style="List Bullet")
    made.add_paragraph("财务凭证", style="List Number")
    table = made.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "名称"
    table.cell(0, 2).text = "年限"
    table.cell(1, 0).text, table.cell(1, 1).text, table.cell(1, 2).text = "会议", "记录", "永久"
    drawing = made.add_picture(picture())
    drawing._inline.docPr.set("descr", "档案柜的样子")
    made.add_paragraph("到此为止。")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def slides() -> bytes:
    """Two slides, with notes that nobody reads."""
    made = pptx.Presentation()
    for number in (1, 2):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = f"第{number}讲"
        slide.placeholders[1].text = "先看\n再听"
        slide.notes_slide.notes_text_frame.text = "讲者自己的话"
    slide.shapes.add_picture(picture(), Inches(1), Inches(1))
    table = slide.shapes.add_table(1, 2, 0, 0, Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "甲", "乙"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def workbook(rows: int = 3) -> bytes:
    """A visible sheet with rows, and a hidden one."""
    made = Workbook()
    sheet = made.active
    sheet.title = "低保名册"
    sheet.append(["户主", "金额", "公式"])
    for number in range(rows):
        sheet.append([f"户{number}", 100.5, "=1+1"])
    hidden = made.create_sheet("底稿")
    hidden.append(["不给人看"])
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """An office file with a part replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, part)
    return file.getvalue()


def entities(content: bytes, name: str) -> bytes:
    """An office file whose heart declares an entity that reads a file of the server."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(name).decode()
    head, _, body = part.rpartition("?>")
    doctype = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    return with_part(
        content,
        name,
        f"{head + '?>' if head else ''}{doctype}{body.replace('档案目录', '&secret;')}".encode(),
    )
