"""The markup of a Word document that draws nothing by itself (ISO/IEC 29500-1, 17, and Word's extensions of it).

Closed lists: what is on none of them is judged, or told.
"""

from __future__ import annotations

from conventool.word.names import MC, W14, W15, tags

__all__ = [
    "DRAWINGS",
    "EAST_ASIAN_FONTS",
    "KNOWN_PARTS",
    "KNOWN_SETTINGS",
    "KNOWN_TAGS",
    "KNOWN_TYPES",
    "KNOWN_WEB_SETTINGS",
    "PARENTS",
    "SINGLE_PARTS",
]


def _words(text: str) -> list[str]:
    return text.split()


_DESCRIBING = _words("""
    alias tag id lock placeholder docPart docPartObj docPartGallery docPartCategory docPartUnique docPartList
    showingPlcHdr temporary text comboBox dropDownList listItem date dateFormat lid storeMappedDataAs calendar
    equation picture richText citation bibliography group label tabIndex sdtPr sdtEndPr
    proofErr bookmarkStart bookmarkEnd altChunk permStart permEnd lastRenderedPageBreak noProof lang
    commentRangeStart commentRangeEnd commentReference annotationRef
    moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd
    customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd
    rPrChange pPrChange sectPrChange tblPrChange tblPrExChange tcPrChange trPrChange tblGridChange numberingChange
    smartTagPr customXmlPr attr ffData name enabled calcOnExit checked textInput type default maxLength format
    checkBox sizeAuto ddList listEntry result
    statusText helpText entryMacro exitMacro
    footnotePr endnotePr pos numFmt numStart numRestart footnoteRef endnoteRef separator continuationSeparator
""")
_CONTAINING = _words("""
    document body hdr ftr footnotes endnotes footnote endnote p r t sdt sdtContent smartTag customXml
    ins del moveTo moveFrom delText rPr pPr sectPr tbl tblGrid tr tc tblPr trPr tcPr tblPrEx
    txbxContent fldChar instrText delInstrText fldSimple
""")
_SETTING = _words("""
    pStyle rStyle keepNext keepLines pageBreakBefore widowControl suppressLineNumbers suppressAutoHyphens kinsoku
    wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN adjustRightInd snapToGrid contextualSpacing
    mirrorIndents suppressOverlap jc outlineLvl divId cnfStyle textboxTightWrap tabs tab numPr ilvl numId spacing ind
    shd pBdr framePr textDirection bidi textAlignment
    b bCs i iCs u color sz szCs rFonts kern w position highlight vertAlign vanish specVanish webHidden strike dstrike
    outline shadow emboss imprint caps smallCaps effect em bdr fitText eastAsianLayout rtl cs
    br cr ptab noBreakHyphen softHyphen
    headerReference footerReference pgSz pgMar titlePg docGrid pgNumType formProt noEndnote rtlGutter paperSrc
    printerSettings
    cols col gridCol tblStyle tblW tblLook tblLayout tblCaption tblDescription tblStyleRowBandSize
    tblStyleColBandSize tblCellMar tblCellSpacing tblInd tblBorders tcBorders top left bottom right start end insideH
    insideV tcMar tcW gridSpan vAlign hideMark noWrap cantSplit tblHeader gridBefore gridAfter wBefore
    wAfter between bar
""")
"""What sets a text; looks and layout are judged paragraph by paragraph and run by run."""
KNOWN_TAGS = frozenset(
    [
        *tags(*_DESCRIBING, *_CONTAINING, *_SETTING),
        *(f"{{{W14}}}{name}" for name in _words("checkbox checked checkedState uncheckedState")),
        *(f"{{{W14}}}{name}" for name in _words("ligatures numForm numSpacing stylisticSets styleSet cntxtAlts")),
        *(f"{{{W15}}}{name}" for name in _words("appearance color repeatingSection repeatingSectionItem")),
        *(f"{{{W15}}}{name}" for name in _words("sectionTitle doNotAllowInsertDeleteSection webExtensionLinked")),
        *(f"{{{W15}}}{name}" for name in _words("footnoteColumns")),
        *(f"{{{MC}}}{name}" for name in _words("AlternateContent Choice Fallback")),
    ]
)
DRAWINGS = frozenset(tags("drawing", "pict", "object"))
_ALTERNATIVES = [f"{{{MC}}}{name}" for name in ("Choice", "Fallback")]
_IN_RUNS = frozenset(tags("r"))
_IN_PARAGRAPHS = frozenset(
    [*tags(*_words("p sdtContent ins del moveTo moveFrom smartTag customXml fldSimple hyperlink")), *_ALTERNATIVES]
)
_IN_BODIES = frozenset(tags(*_words("body tc hdr ftr sdtContent txbxContent footnote endnote customXml ins del")))
PARENTS = {
    **dict.fromkeys(tags("t", "instrText", "fldChar", "delText"), _IN_RUNS),
    **dict.fromkeys(tags("r"), _IN_PARAGRAPHS),
    **dict.fromkeys(tags("p"), _IN_BODIES),
}
"""Where text may stand: elsewhere Word does not show it, though it looks like text."""
KNOWN_PARTS = frozenset(
    _words("""
    officeDocument core-properties extended-properties extendedProperties custom-properties customProperties thumbnail
    styles stylesWithEffects settings webSettings fontTable theme numbering glossaryDocument header footer footnotes
    endnotes comments commentsExtended commentsIds commentsExtensible people customXml customXmlProps attachedTemplate
    keyMapCustomizations aFChunk printerSettings classificationlabels documenttasks intelligence
    webextensiontaskpanes
    """)
)
"""The last words of the types of relationships that bring nothing to be seen of their own, or what is told as text."""
EAST_ASIAN_FONTS = {
    "ms mincho": "ＭＳ 明朝", "ms gothic": "ＭＳ ゴシック", "ms pmincho": "ＭＳ Ｐ明朝",
    "ms pgothic": "ＭＳ Ｐゴシック", "meiryo": "メイリオ", "yu mincho": "游明朝",
    "yu gothic": "游ゴシック", "yu gothic light": "游ゴシック light",
    "simsun": "宋体", "nsimsun": "新宋体", "simhei": "黑体", "kaiti": "楷体", "fangsong": "仿宋", "dengxian": "等线",
    "dengxian light": "等线 light", "microsoft yahei": "微软雅黑", "mingliu": "細明體", "pmingliu": "新細明體",
    "microsoft jhenghei": "微軟正黑體", "batang": "바탕", "dotum": "돋움", "gulim": "굴림",
    "malgun gothic": "맑은 고딕",
}  # fmt: skip
"""Fonts by both their names in lower case: Word gives the second in the table of fonts of any document."""
SINGLE_PARTS = _words("officeDocument styles settings numbering theme fontTable footnotes endnotes")
KNOWN_TYPES = (
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
    "http://schemas.microsoft.com/",
)
"""How the types of relationships begin that Word follows: it passes over any other, whatever its last word."""
KNOWN_SETTINGS = frozenset(
    tags(
        *_words("""
    writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries
    alignBordersAndEdges bordersDoNotSurroundHeader bordersDoNotSurroundFooter hideSpellingErrors
    hideGrammaticalErrors activeWritingStyle proofState formsDesign attachedTemplate stylePaneFormatFilter
    stylePaneSortMethod documentProtection autoFormatOverride styleLockTheme styleLockQFSet autoHyphenation
    consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle
    defaultTableStyle defaultTabStop evenAndOddHeaders drawingGridHorizontalSpacing drawingGridVerticalSpacing
    displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery doNotUseMarginsForDrawingGridOrigin
    drawingGridHorizontalOrigin drawingGridVerticalOrigin doNotShadeFormData noPunctuationKerning
    characterSpacingControl strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore savePreviewPicture
    doNotValidateAgainstSchema saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText
    doNotDemarcateInvalidXml saveXmlDataOnly hdrShapeDefaults footnotePr endnotePr compat docVars rsids
    attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats doNotAutoCompressPictures forceUpgrade
    captions readModeInkLockDown smartTagType shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator
    saveSubsetFonts embedTrueTypeFonts embedSystemFonts saveFormsData trackRevisions doNotTrackMoves
    doNotTrackFormatting revisionView updateFields alwaysMergeEmptyNamespace
    """),
        *_words("""
    compatSetting useSingleBorderforContiguousCells wpJustification noTabHangInd noLeading spaceForUL noColumnBalance
    balanceSingleByteDoubleByteWidth noExtraLineSpacing doNotLeaveBackslashAlone ulTrailSpace doNotExpandShiftReturn
    spacingInWholePoints lineWrapLikeWord6 wrapTrailSpaces footnoteLayoutLikeWW8 shapeLayoutLikeWW8
    alignTablesRowByRow forgetLastTabAlignment adjustLineHeightInTable autoSpaceLikeWord95 noSpaceRaiseLower
    doNotUseHTMLParagraphAutoSpacing layoutRawTableWidth layoutTableRowsApart useWord97LineBreakRules
    doNotBreakWrappedTables doNotSnapToGridInCell selectFldWithFirstOrLastChar applyBreakingRules
    doNotWrapTextWithPunct doNotUseEastAsianBreakRules useWord2002TableStyleRules growAutofit useFELayout
    useNormalStyleForList doNotUseIndentAsNumberingTabStop useAltKinsokuLineBreakRules
    allowSpaceOfSameStyleInTable doNotSuppressIndentation doNotAutofitConstrainedTables
    autofitToFirstFixedWidthCell underlineTabInNumList displayHangulFixedWidth splitPgBreakAndParaMark
    doNotVertAlignCellWithSp doNotBreakConstrainedForcedTable doNotVertAlignInTxbx useAnsiKerningPairs
    cachedColBalance suppressSpBfAfterPgBrk suppressTopSpacing suppressSpacingAtTopOfPage usePrinterMetrics
    """),
    )
)
"""Settings of a document that describe it, or by which lines and pages end elsewhere (17.15.1, 17.15.3)."""
KNOWN_WEB_SETTINGS = frozenset(
    tags(
        *_words("""
    webSettings encoding optimizeForBrowser relyOnVML allowPNG doNotRelyOnCSS doNotSaveAsSingleFile
    doNotOrganizeInFolder doNotUseLongFileNames pixelsPerInch targetScreenSz saveSmartTagsAsXml
    divs div divsChild bodyDiv blockQuote marLeft marRight marTop marBottom divBdr top left bottom right
    """)
    )
)
"""Settings for the Web that draw nothing, but for margins and borders (17.15.2)."""
