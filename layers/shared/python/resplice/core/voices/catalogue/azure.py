"""The voices of Azure Speech, by locale.

Names and sexes from learn.microsoft.com/azure/ai-services/speech-service/language-support (text to
speech). A name with * is of a multilingual voice. Those of high definition (`Ava:DragonHD…`) have
the names of others, and are not listed.
"""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.voices.catalogue.voice import Voice, listed

_CHILDREN = {"Ana", "Maisie", "Gisela", "Eloise", "Pierina", "Xiaoshuang", "Xiaoyou", "Marina"}
_ODD = {"AIGenerate1", "AIGenerate2", "Blue", "XiaoxiaoDialects"}

_TABLE = """
af-ZA: Adri / Willem
am-ET: Mekdes / Ameha
ar-AE: Fatima / Hamdan
ar-BH: Laila / Ali
ar-DZ: Amina / Ismael
ar-EG: Salma / Shakir
ar-IQ: Rana / Bassel
ar-JO: Sana / Taim
ar-KW: Noura / Fahed
ar-LB: Layla / Rami
ar-LY: Iman / Omar
ar-MA: Mouna / Jamal
ar-OM: Aysha / Abdullah
ar-QA: Amal / Moaz
ar-SA: Zariyah / Hamed
ar-SY: Amany / Laith
ar-TN: Reem / Hedi
ar-YE: Maryam / Saleh
as-IN: Yashica / Priyom
az-AZ: Banu / Babek
bg-BG: Kalina / Borislav
bn-BD: Nabanita / Pradeep
bn-IN: Tanishaa / Bashkar
bs-BA: Vesna / Goran
ca-ES: Joana Alba / Enric
cs-CZ: Vlasta / Antonin
cy-GB: Nia / Aled
da-DK: Christel / Jeppe
de-AT: Ingrid / Jonas
de-CH: Leni / Jan
de-DE: Katja Seraphina* Amala Elke Gisela Klarissa Louisa Maja Tanja / Conrad Florian* Bernd
  Christoph Kasper Killian Klaus Ralf
el-GR: Athina / Nestoras
en-AU: Natasha Annette Carly Elsie Freya Joanne Kim Tina / William Darren Duncan Ken Neil Tim
  William*
en-CA: Clara / Liam
en-GB: Sonia Libby Ada* Abbi Bella Hollie Maisie Olivia Mia / Ryan Ollie* Alfie Elliot Ethan Noah
  Oliver Thomas
en-HK: Yan / Sam
en-IE: Emily / Connor
en-IN: Neerja Aashi Ananya Kavya Aarti NeerjaExpressive AartiIndic NeerjaIndic / Prabhat Aarav
  Kunal Rehaan Arjun ArjunIndic PrabhatIndic
en-KE: Asilia / Chilemba
en-NG: Ezinne / Abeo
en-NZ: Molly / Mitchell
en-PH: Rosa / James
en-SG: Luna / Wayne
en-TZ: Imani / Elimu
en-US: Ava* Emma* NovaTurbo* ShimmerTurbo* Ava Emma Jenny Aria Jane Luna Sara Nancy Cora* Amber
  Ana Ashley Cora Elizabeth Jenny* Michelle Monica AIGenerate2 Amanda* Evelyn* Lola* Nancy*
  Phoebe* Serena* / Andrew* AlloyTurbo* EchoTurbo* OnyxTurbo* Brian* Andrew Brian Guy Davis Jason
  Kai Tony Christopher* Brandon* Brandon Christopher Eric Jacob Roger Ryan* Steffan Adam*
  AIGenerate1 Davis* Derek* Dustin* Lewis* Samuel* Steffan* AshTurbo* /
  FableTurbo* Blue
en-ZA: Leah / Luke
es-AR: Elena / Tomas
es-BO: Sofia / Marcelo
es-CL: Catalina / Lorenzo
es-CO: Salome / Gonzalo
es-CR: Maria / Juan
es-CU: Belkys / Manuel
es-DO: Ramona / Emilio
es-EC: Andrea / Luis
es-ES: Elvira Arabella* Isidora* Ximena* Abril Estrella Irene Laia Lia Triana Vera Ximena / Alvaro
  Tristan* Arnau Dario Elias Nil Saul Teo
es-GQ: Teresa / Javier
es-GT: Marta / Andres
es-HN: Karla / Carlos
es-MX: Dalia Beatriz Candela Carlota Larissa Marina Nuria Renata Dalia* / Jorge Cecilio Gerardo
  Liberto Luciano Pelayo Yago Jorge*
es-NI: Yolanda / Federico
es-PA: Margarita / Roberto
es-PE: Camila / Alex
es-PR: Karina / Victor
es-PY: Tania / Mario
es-SV: Lorena / Rodrigo
es-US: Paloma / Alonso
es-UY: Valentina / Mateo
es-VE: Paola / Sebastian
et-EE: Anu / Kert
eu-ES: Ainhoa / Ander
fa-IR: Dilara / Farid
fi-FI: Selma Noora / Harri
fil-PH: Blessica / Angelo
fr-BE: Charline / Gerard
fr-CA: Sylvie / Jean Antoine Thierry
fr-CH: Ariane / Fabrice
fr-FR: Denise Vivienne* Brigitte Celeste Coralie Eloise Jacqueline Josephine Yvette / Henri Remy*
  Lucien* Alain Claude Jerome Maurice Yves
ga-IE: Orla / Colm
gl-ES: Sabela / Roi
gu-IN: Dhwani / Niranjan
he-IL: Hila / Avri
hi-IN: Swara Ananya Kavya Aarti / Madhur Aarav Kunal Rehaan Arjun
hr-HR: Gabrijela / Srecko
hu-HU: Noemi / Tamas
hy-AM: Anahit / Hayk
id-ID: Gadis / Ardi
is-IS: Gudrun / Gunnar
it-IT: Elsa Isabella Isabella* Fabiola Fiamma Imelda Irma Palmira Pierina / Diego Alessio*
  Giuseppe* Marcello* Benigno Calimero Cataldo Gianni Giuseppe Lisandro Rinaldo
iu-Cans-CA: Siqiniq / Taqqiq
iu-Latn-CA: Siqiniq / Taqqiq
ja-JP: Nanami Aoi Mayu Shiori / Keita Daichi Naoki Masaru*
jv-ID: Siti / Dimas
ka-GE: Eka / Giorgi
kk-KZ: Aigul / Daulet
km-KH: Sreymom / Piseth
kn-IN: Sapna / Gagan
ko-KR: SunHi JiMin SeoHyeon SoonBok YuJin / InJoon Hyunsu* BongJin GookMin Hyunsu
lo-LA: Keomany / Chanthavong
lt-LT: Ona / Leonas
lv-LV: Everita / Nils
mk-MK: Marija / Aleksandar
ml-IN: Sobhana / Midhun
mn-MN: Yesui / Bataa
mr-IN: Aarohi / Manohar
ms-MY: Yasmin / Osman
mt-MT: Grace / Joseph
my-MM: Nilar / Thiha
nb-NO: Pernille Iselin / Finn
ne-NP: Hemkala / Sagar
nl-BE: Dena / Arnaud
nl-NL: Fenna Colette / Maarten
or-IN: Subhasini / Sukant
pa-IN: Vaani / Ojas
pl-PL: Agnieszka Zofia / Marek
ps-AF: Latifa / GulNawaz
pt-BR: Francisca Thalita* Brenda Elza Giovanna Leila Leticia Manuela Thalita Yara / Antonio
  Macerio* Donato Fabio Humberto Julio Nicolau Valerio
pt-PT: Raquel Fernanda / Duarte
ro-RO: Alina / Emil
ru-RU: Svetlana Dariya / Dmitry
si-LK: Thilini / Sameera
sk-SK: Viktoria / Lukas
sl-SI: Petra / Rok
so-SO: Ubax / Muuse
sq-AL: Anila / Ilir
sr-Latn-RS: Sophie / Nicholas
sr-RS: Sophie / Nicholas
su-ID: Tuti / Jajang
sv-SE: Sofie Hillevi / Mattias
sw-KE: Zuri / Rafiki
sw-TZ: Rehema / Daudi
ta-IN: Pallavi / Valluvar
ta-LK: Saranya / Kumar
ta-MY: Kani / Surya
ta-SG: Venba / Anbu
te-IN: Shruti / Mohan
th-TH: Premwadee Achara / Niwat
tr-TR: Emel / Ahmet
uk-UA: Polina / Ostap
ur-IN: Gul / Salman
ur-PK: Uzma / Asad
uz-UZ: Madina / Sardor
vi-VN: HoaiMy / NamMinh
wuu-CN: Xiaotong / Yunzhe
yue-CN: XiaoMin / YunSong
zh-CN: Xiaoxiao Xiaoyi Xiaochen Xiaochen* Xiaohan Xiaomeng Xiaomo Xiaoqiu Xiaorou Xiaorui
  Xiaoshuang XiaoxiaoDialects Xiaoxiao* Xiaoyan Xiaoyou Xiaoyu* Xiaozhen Xiaoxuan / Yunxi Yunjian
  Yunyang Yunfeng Yunhao Yunjie Yunxia Yunye Yunyi* Yunze Yunfan* Yunxiao*
zh-CN-guangxi:  / Yunqi
zh-CN-henan:  / Yundeng
zh-CN-liaoning: Xiaobei / Yunbiao
zh-CN-shaanxi: Xiaoni /
zh-CN-shandong:  / Yunxiang
zh-CN-sichuan:  / Yunxi
zh-HK: HiuMaan HiuGaai / WanLung
zh-TW: HsiaoChen HsiaoYu / YunJhe
zu-ZA: Thando / Themba
"""


def voices() -> Iterator[Voice]:
    for locale, sex, entry in listed(_TABLE):
        name = entry.removesuffix("*")
        polyglot = entry != name
        yield Voice(
            *("azure", f"{locale}-{name}{'Multilingual' if polyglot else ''}Neural", name),
            *(locale, sex),
            spare=name in _CHILDREN | _ODD,
            polyglot=polyglot,
        )
