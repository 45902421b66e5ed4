"""The commonest words of languages that share a script."""

# ruff: noqa: RUF001 - words of other scripts are meant as they stand, not as look-alikes of Latin letters

from __future__ import annotations


def _sets(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in lists.items()}


LATIN = _sets(
    {
        "en": "the of and to in is you that it he was for on are as with his they at be this have from or had by but "
        "not what all were we when your can said there an each which she do how their if will up other about out "
        "many then them these so some her would make like him into has could my than been who its now our these i "
        "should may more just also because don i'm it's",
        "de": "der die das und ist nicht ein eine einen einem zu den dem mit von für auf im sie ich es auch sich wir "
        "wie aber oder werden wird sind war hat haben kann zum zur aus bei nach über nur noch dass durch um",
        "fr": "le la les des et en est une un du dans que qui pour pas au aux sur avec ce cette son sa ses il elle "
        "nous vous ils sont être mais ou où plus par ne se leur été était tous c'est j'ai d'un d'une",
        "es": "el la los las de y que en un una es por con para no se del al lo como más su sus pero está este esta "
        "son ser muy también cuando todo hay o sin sobre fue tiene nos mi",
        "it": "il lo la i gli le di e è che in un una per non con del della dei delle al alla si sono come più ma "
        "questo questa anche nel nella da ha ho dal suo sua essere degli",
        "pt": "o a os as de e que em um uma é por com para não se do da dos das no na nos nas ao mais como mas foi "
        "seu sua são está muito também ou quando ser você isso este esta pelo pela",
        "nl": "de het een en van is dat in op te zijn voor met niet aan er die ook als bij maar om dan naar uit door "
        "over wordt worden kan deze dit hij ze wij je ik heeft hebben nog",
        "sv": "och att det som en på är av för med den till inte om ett han men var jag sig från vi så kan har hade "
        "när de nu över bara eller också efter alla",
        "da": "og at det er en til på som med for af den ikke de der har et men jeg kan om vi fra så du han var når "
        "skal også efter eller blev hvor være",
        "no": "og det er en til på som med for av den ikke de har et men jeg kan om vi fra så du han var når skal "
        "også etter eller ble hvor være",
        "fi": "ja on ei se että oli hän mutta ovat kun tai niin kuin ole joka myös minä sinä tämä sen mitä nyt voi "
        "olla jos olen vain sekä hänen ovat kanssa ne jotka",
        "pl": "i w na z się nie jest że do to o jak za co po od ale dla przez czy tak są być ma jego może oraz który "
        "która które już tylko także",
        "tr": "ve bir bu da de için ile çok ne gibi daha var mı olarak olan en ama ben kadar sonra değil her ya o "
        "olduğu veya ise",
        "vi": "và của là có không được cho một các trong với những người này đã để khi tôi bạn như từ đến về cũng "
        "nhưng ra thì nhiều vào trên sẽ phải",
        "sw": "ya na wa kwa ni katika la za cha kuwa hii yake kama hiyo au lakini si pia sana watu mtu yangu wangu "
        "wako yako ambayo hata wakati vya huu huo yao ili",
        "id": "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga saya ke karena ada mereka bisa atau "
        "oleh telah kami anda sebagai adalah seperti lebih",
        "ro": "și de în la cu nu este pe un o să că din pentru care sunt mai ca fi dar sau al ale lui după prin "
        "această acest foarte",
        "cs": "a v na se že je to s z do o i jako ale k pro jsem by za jsou po který která které ve ze byl není tak "
        "také nebo",
        "hu": "a az és hogy nem is egy van ez meg de csak volt már ki még mint fel el ha vagy kell azt lesz nagyon",
    }
)

CYRILLIC = _sets(
    {
        "ru": "и в не на что с как это по но к из у за от так же для все его был ты мы они только ещё если",
        "bg": "и в на да се е от за не с че са по си като но ще или който която което съм беше това тя той",
        "uk": "і в не на що з як це та до у за від для його був ти ми вони але або якщо також є",
        "sr": "и у да је се на не за од са су као али то ће или који која које сам био",
    }
)

DEVANAGARI = _sets(
    {
        "hi": "है के का की में और से को हैं यह पर नहीं ने एक भी कि लिए था थी हो कर तो ही या हम आप मैं",
        "mr": "आहे आणि या च्या मध्ये आहेत हे ते एक तर व होते होता मी की नाही केले साठी असे आम्ही तुम्ही ही हा",
        "ne": "छ र को मा छन् हो लागि गर्न यो पनि भएको एक छैन थियो गरेको हामी तपाईं म त्यो लाई बाट गर्छ हुन्छ",
    }
)

ARABIC = _sets(
    {
        "ar": "في من على إلى أن هذا هذه التي الذي لا ما هو هي كان عن مع أو كل قد ذلك بين بعد لم",
        "fa": "و در به از که این است را با برای آن یک تا بر می هم خود شده کرد شود ما شما من هستند باشد",
        "ur": "کے کی کا میں ہے اور سے کو ہیں نے پر یہ کہ نہیں ایک بھی تھا ہو کر ہم آپ وہ لیے گا جو",
    }
)
