"""Table: products, a row each, whose columns fill `{column}` in the rest of the document."""

from __future__ import annotations

from app.basics.words import mark
from app.catalogue.cards import Choice, Parameter, ParameterType
from app.document.sockets import Shape
from app.nodes.declare import Family, NodeKind

KIND = NodeKind(
    id="table",
    title=mark("Table"),
    family=Family.INPUTS,
    shape=Shape(kind="table", title=mark("Table")),
    parameters=(
        Parameter(
            id="file",
            title=mark("File"),
            type=ParameterType.TEXT,
            default="",
            help=mark(
                "CSV, TSV or XLSX. The first row has the names of the columns, each row below is a product. "
                "Photographs in it are named as seen from the table's folder."
            ),
        ),
        Parameter(
            id="row",
            title=mark("Row"),
            type=ParameterType.INTEGER,
            minimum=2,
            maximum=1_048_576,
            help=mark("The row that is shown and run here, as a spreadsheet counts. Empty: the first."),
        ),
        Parameter(
            id="sheet",
            title=mark("Sheet"),
            type=ParameterType.TEXT,
            default="",
            advanced=True,
            help=mark("The name of one of an XLSX file's sheets. Empty: the first."),
        ),
        Parameter(
            id="with",
            title=mark("With"),
            type=ParameterType.TEXT,
            default="",
            advanced=True,
            help=mark("A second table, such as one of scenes. Its columns have other names."),
        ),
        Parameter(
            id="how",
            title=mark("Joined"),
            type=ParameterType.CHOICE,
            default="cross",
            advanced=True,
            choices=(
                Choice(value="cross", title=mark("Every row with every row")),
                Choice(value="zip", title=mark("First with first")),
            ),
            help=mark("How the rows of the two tables go together."),
        ),
    ),
    help=mark(
        "A table of products. Write {column} in a prompt, a file, a tag, a seed or a name, and each row "
        "fills it in; write {{ for a brace."
    ),
    words=(
        "csv",
        "tsv",
        "xlsx",
        "excel",
        "spreadsheet",
        "batch",
        "catalogue",
        "表格",
        "数据表",
        "批量",
        "商品表",
        "biao ge",
        "shu ju biao",
        "pi liang",
    ),
    defaults={"file": ""},
)
