"""Codes and names of languages, as tags and file names have them, become short BCP 47 tags: "ger" is "de"."""

from __future__ import annotations

import re

# ISO 639-1, then its three-letter codes (that of libraries, ISO 639-2/B, first) and names that files bear.
_TABLE = """
    aa:aar,afar,qafar ab:abk,abkhazian ae:ave,avestan af:afr,afrikaans ak:aka,fat,twi,akan am:amh,amharic
    an:arg,aragonese ar:ara,arb,arabic as:asm,assamese av:ava,avaric ay:aym,ayr,aymara az:aze,azj,azerbaijani
    ba:bak,bashkir be:bel,belarusian bg:bul,bulgarian bi:bis,bislama bm:bam,bambara,bamanakan bn:ben,bangla,bengali
    bo:tib,bod,tibetan br:bre,breton,brezhoneg bs:bos,bosnian,bosanski ca:cat,catalan ce:che,chechen ch:cha,chamorro
    co:cos,corsican,corsu cr:cre,cwd,cree cs:cze,ces,czech,cesky cu:chu cv:chv,chuvash cy:wel,cym,welsh,cymraeg
    da:dan,danish,dansk de:ger,deu,german,deutsch dv:div,divehi dz:dzo,adp,dzongkha ee:ewe el:gre,ell,greek,ellinika
    en:eng,english eo:epo,esperanto es:spa,spanish,castellano,espanol et:est,ekk,estonian,eesti
    eu:baq,eus,basque,euskara fa:per,fas,pes,persian,farsi ff:ful,fuc,fula,pulaar fi:fin,finnish,suomi fj:fij,fijian
    fo:fao,faroese fr:fre,fra,french,francais fy:fry,frysk ga:gle,irish,gaeilge gd:gla,gaelic gl:glg,galician,galego
    gn:grn,gug,guarani gu:guj,prp,gujarati gv:glv,manx,gaelg ha:hau,hausa he:heb,hebrew hi:hin,hindi ho:hmo
    hr:hrv,scr,croatian,hrvatski ht:hat hu:hun,hungarian,magyar hy:arm,hye,armenian hz:her,herero ia:ina,interlingua
    id:ind,indonesian,indonesia ie:ile,interlingue ig:ibo,igbo ii:iii ik:ipk,esk,inupiaq io:ido is:ice,isl,icelandic
    it:ita,italian,italiano iu:iku,ike,inuktitut ja:jpn,japanese,nihongo jv:jav,javanese,jawa ka:geo,kat,georgian
    kg:kon,kng,kongo ki:kik,kikuyu,gikuyu kj:kua,kuanyama kk:kaz,kazakh kl:kal,kalaallisut km:khm,khmer
    kn:kan,kannada ko:kor,korean,hangul kr:kau,knc,kanuri ks:kas,kashmiri ku:kur,kmr,kurdish kv:kom,kpv,komi
    kw:cor,cornish,kernewek ky:kir,kyrgyz la:lat,latin,latina lb:ltz,luxembourgish lg:lug,ganda,luganda
    li:lim,limburgish ln:lin,lingala lo:lao lt:lit,lithuanian lu:lub,tshiluba lv:lav,lvs,latvian mg:mlg,plt,malagasy
    mh:mah,marshallese mi:mao,mri,maori mk:mac,mkd,macedonian ml:mal,malayalam mn:mon,drh,khk,mongolian
    mr:mar,marathi ms:may,msa,zsm,malay,melayu mt:mlt,maltese,malti my:bur,mya,burmese na:nau,nauru nb:nob,bokmal
    nd:nde,isindebele ne:nep,npi,nepali ng:ndo,ndonga nl:dut,nld,dutch,nederlands nn:nno,nynorsk
    no:nor,norwegian,norsk nr:nbl,isindebele nv:nav,navajo ny:nya,nyanja oc:oci,occitan oj:oji,ojg,ojibwa
    om:orm,gaz,oromo,oromoo or:ori,ory,odia os:oss,ossetic pa:pan,punjabi pi:pli,pali pl:pol,polish,polski
    ps:pus,pbu,pashto pt:por,portuguese,portugues qu:que,quz,quechua,runasimi rm:roh,romansh,rumantsch
    rn:run,rundi,ikirundi ro:rum,mol,ron,romanian ru:rus,russian rw:kin,kinyarwanda,ikinyarwanda sa:san,cls,sanskrit
    sc:srd,src,sardinian,sardu sd:snd,sindhi se:sme sg:sag,sango si:sin,sinhala sk:slo,slk,slovak sl:slv,slovenian
    sm:smo,samoan sn:sna,shona,chishona so:som,somali,soomaali sq:alb,als,sqi,albanian,shqip sr:srp,scc,serbian
    ss:ssw,swati,siswati st:sot,sesotho su:sun,sundanese sv:swe,swedish,svenska sw:swa,swh,swahili,kiswahili
    ta:tam,tamil te:tel,telugu tg:tgk,tajik th:tha,thai ti:tir,tigrinya tk:tuk,turkmen tn:tsn,tswana,setswana
    to:ton,tongan tr:tur,turkish,turkce ts:tso,tsonga,xitsonga tt:tat,tatar ty:tah,tahitian ug:uig,uyghur
    uk:ukr,ukrainian,ukrainska ur:urd,urdu uz:uzb,uzn,uzbek ve:ven,venda vi:vie,vietnamese vo:vol
    wa:wln,walloon,walon wo:wol,wolof xh:xho,xhosa,isixhosa yi:yid,ydd,yiddish yo:yor,yoruba
    za:zha,zyb,zhuang,vahcuengh zh:chi,cmn,zho,chinese,mandarin zu:zul,zulu,isizulu
"""
_KNOWN = {
    word: row.partition(":")[0]
    for row in _TABLE.split()
    for word in (row[:2], *row.partition(":")[2].split(","))
    if word
}
_LONG = {row[:2]: row[3:6] for row in _TABLE.split()}
_OWN = frozenset({"fil", "yue", "gsw", "nds", "haw", "tlh", "ast", "hsb", "hmn", "mul", "zxx", "qaa"})  # no short one
_NOBODY_KNOWS = frozenset({"und", "unk", "mis", "xxx"})
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?", re.IGNORECASE | re.ASCII)


def tag(text: str) -> str:
    """Return the tag of a language by any of its codes or names: "de", "pt-BR", "zh-Hant"; "" where it is none."""
    word = text.strip().lower()
    if word in _NOBODY_KNOWS:
        return ""
    if word in _KNOWN or word in _OWN:
        return _KNOWN.get(word, word)
    found = _TAG.fullmatch(word)
    if found is None or not (found[2] or found[3]):
        return ""
    language = _KNOWN.get(found[1]) or (found[1] if found[1] in _OWN else "")
    if not language:
        return ""
    script = f"-{found[2].title()}" if found[2] else ""
    return f"{language}{script}{f'-{found[3].upper()}' if found[3] else ''}"


def three_letters(text: str) -> str:
    """Return the code that Kodi writes for a tag, ISO 639-2/B: "ger" for "de" and "de-AT"."""
    language = text.partition("-")[0]
    return _LONG.get(language, language)
