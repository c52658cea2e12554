"""Every problem code, with what it means and what to do about it, in French.

Codes are stable: scripts match on them; none changes its meaning, nor serves again for another one.
``docs/codes.md`` is this list, written by ``tools/build_codes_page.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["GROUPS", "PROBLEM_CODES", "Meaning"]


class Meaning(NamedTuple):
    """What a code tells.

    Attributes:
        sense: what is wrong, or was done.
        remedy: what to do about it.
    """

    sense: str
    remedy: str


_DATA = {
    "ambiguous-commune": "Plusieurs communes portent ce nom.|Donner le code INSEE, ou le code postal.",
    "ambiguous-date": "Une date se lit de plusieurs façons : année à deux chiffres, numéro d’Excel, heure universelle.|Écrire le jour, le mois et l’année en entier.",
    "ambiguous-number": "Un nombre se lit de deux façons : mille deux cents, ou une et une fraction.|L’écrire sans séparer les milliers.",
    "bad-address": "L’adresse n’est pas une voie : une boîte postale, une ville, un code postal d’ailleurs.|Donner la voie où est le siège.",
    "bad-choice": "La valeur n’est pas une de celles que le champ accepte.|Écrire une des valeurs proposées.",
    "bad-contact": "Une adresse de courriel ou un numéro de téléphone n’en est pas un, et n’est pas retenu.|Le corriger ; plusieurs se séparent par « ; ».",
    "bad-date": "Le texte n’est pas une date, ou n’existe pas au calendrier.|Écrire par exemple 2026-03-12 ou 12/03/2026.",
    "bad-name": "Le texte ne peut pas être le nom d’une personne, ou en dit deux.|Donner le nom de qui signe, lui seul.",
    "bad-number": "Le texte n’est pas le numéro d’une décision : une date, un mot.|Écrire le numéro seul, ou rien.",
    "bad-postal-code": "Le texte n’est pas un code postal.|Écrire les cinq chiffres.",
    "bad-link": "Le document dit « de » devant un nom qui veut « d’ », « du » ou « des ».|Ôter ce « de » du formulaire.",
    "bad-quantity": "La quantité d’un service manque, est négative, n’est pas un nombre, ou n’a pas lieu d’être.|L’écrire comme « sauvegarde × 50 ».",
    "bad-siret": "Le numéro n’est ni un SIRET ni un SIREN valable, ou est celui d’un autre.|Le corriger, ou le retirer.",
    "bad-value": "La valeur n’est pas du type qu’attend le champ, est coupée, ou garde un signe d’une formule ou d’une page web.|Écrire une simple valeur, comme dans l’exemple donné.",
    "cannot-sign": "Ce que disent les données n’a pas la personnalité morale.|Changer l’adhérent pour qui signe.",
    "civility": "La civilité n’en est pas une, ou le nom en dit une autre.|Écrire « Madame » ou « Monsieur ».",
    "date-order": "Deux dates se contredisent : une signature avant la décision qui l’autorise.|Corriger l’une des deux.",
    "doubtful-address": "L’adresse ne dit ni voie ni numéro.|La vérifier.",
    "doubtful-name": "Un nom est écrit sans majuscule, ou ressemble à un mot mis pour rien.|Le vérifier.",
    "duplicate-adherent": "Un adhérent est là deux fois.|Retirer une des deux lignes.",
    "filled-in": "Une valeur laissée vide a été supposée.|Rien, si elle est juste.",
    "former-commune": "La commune n’existe plus : elle a été réunie à une autre.|Prendre celle qui signe, que l’aide nomme.",
    "former-departement": "Ce département n’a plus, ou n’a pas, de personnalité : une autre collectivité signe.|Vérifier.",
    "future-date": "La date est à venir, ou à plus d’un an.|Vérifier l’année.",
    "illegal-character": "La valeur contient un caractère qu’aucun document ne peut contenir.|La retaper.",
    "implausible-value": "La valeur est autre chose que ce que dit son champ : une adresse électronique, un numéro, une date.|La mettre à sa place, et écrire celle qui manque.",
    "insee-code-mismatch": "Le code INSEE est celui d’une autre commune, ou un code postal.|Corriger le code ou le nom.",
    "kind-mismatch": "Le nom, ou le répertoire, dit une autre forme que les données.|Corriger la forme ou le nom.",
    "left-blank": "Une donnée facultative n’est pas donnée : sa place reste à remplir à la main.|La donner, si elle est connue.",
    "lost-zero": "Le zéro au début d’un code a été rétabli.|Rien ; mettre la colonne au format Texte.",
    "missing-delegation": "La civilité dit une fonction qui ne signe que par délégation.|Donner l’arrêté de délégation, ou la fonction.",
    "missing-siret": "Ni la facturation ni l’adhérent n’a de SIRET.|En donner un.",
    "no-service": "L’adhérent n’a choisi aucun service : rien n’est dû, et les annexes ne sont pas écrites.|Ajouter « services ».",
    "missing-field": "Il manque une valeur sans laquelle il n’y a pas de document.|La donner.",
    "mojibake": "Les accents ont été abîmés par un mauvais encodage.|Enregistrer de nouveau le fichier en UTF-8.",
    "no-piece": "Aucune des pièces demandées n’est à écrire pour cet adhérent.|Voir leur condition, ou demander d’autres pièces.",
    "no-price": "Le catalogue ne fixe pas de prix : tarif hors de ses dates, sur devis, ou pas pour cette forme d’adhérent.|Compléter le catalogue, ou ôter le service.",
    "not-understood": "Une valeur donnée n’a pas pu être comprise.|L’écrire comme dans l’exemple.",
    "old-date": "La date est d’avant 1900.|Vérifier l’année.",
    "out-of-bounds": "La valeur est plus petite ou plus grande que le modèle ne le permet.|La corriger.",
    "placeholder": "Un mot mis pour rien (« à compléter », « N/A », « - ») est tenu pour une absence de valeur.|Donner la valeur, si elle est connue.",
    "population-mismatch": "La population donnée n’est pas celle du répertoire.|Dire laquelle c’est : « population_municipale » ou « population_totale ».",
    "postal-code-cedex": "Le code postal est un code CEDEX, ou une mention CEDEX a été ôtée.|Écrire le code géographique.",
    "postal-code-mismatch": "Le code postal n’est pas celui de la commune.|Corriger l’un ou l’autre.",
    "repaired": "Une valeur a été lue autrement qu’elle n’est écrite, sans perte.|Rien, si elle est juste.",
    "respelled": "Un nom est imprimé comme l’écrit le répertoire officiel.|Rien.",
    "swapped-names": "Le prénom et le nom semblent inversés.|Les échanger.",
    "title-mismatch": "La fonction ne s’accorde pas avec la civilité, ou la contredit.|Corriger l’une ou l’autre.",
    "too-long": "La valeur est trop longue pour le document.|Abréger.",
    "unknown-commune": "Aucune commune ne répond à ce nom ou à ce code.|Corriger, avec « conventool communes ».",
    "unknown-departement": "Aucun département ne porte ce nom.|Corriger le nom, ou donner « article ».",
    "unknown-epci": "Aucune intercommunalité de cette forme ne porte ce nom.|Corriger le nom, ou donner « article » si elle est plus récente que le répertoire.",
    "unknown-field": "Le champ, la colonne ou l’adresse n’existe pas.|Corriger son nom, ou le retirer.",
    "unknown-kind": "La forme de l’adhérent n’est pas connue.|Écrire une des formes proposées.",
    "unknown-population": "La population dont dépend un prix n’est pas connue.|La donner.",
    "unknown-service": "Un service n’est pas au catalogue, ou est choisi deux fois.|Corriger son nom, ou l’ôter.",
    "unknown-title": "Le titre n’est pas au dictionnaire, ou en dit deux : son accord n’est pas sûr.|L’écrire avec son article, « le » ou « la ».",
    "unusual-body": "L’organe n’est pas celui qui délibère dans cette forme d’adhérent.|Vérifier.",
    "unusual-title": "Le titre n’est pas celui de l’exécutif, et aucune délégation n’est donnée.|Vérifier, ou donner la délégation.",
}

_FILES = {
    "ambiguous-sheet": "Plusieurs feuilles du classeur ressemblent à une liste.|Dire laquelle par --sheet.",
    "column-kept": "Des colonnes d’une liste reprise dans un classeur sont gardées, sans être lues.|Rien, si c’est voulu.",
    "column-left-aside": "Une colonne n’est pas lue : une autre, ou « --set », donne déjà son champ.|Rien.",
    "duplicate-field": "Un champ est écrit deux fois.|En retirer un.",
    "example-left": "Une cellule montre encore l’exemple du classeur, dans une ligne remplie.|Écrire la valeur, ou vider la cellule.",
    "extra-cells": "Une ligne a plus de cellules que l’en-tête.|Mettre entre guillemets ce qui contient le séparateur.",
    "failed-cell": "Une formule du classeur est en échec.|La corriger, ou mettre la valeur à sa place.",
    "hidden-columns": "Des colonnes masquées sont lues comme les autres.|Rien, si c’est voulu.",
    "hidden-rows": "Des lignes masquées ou filtrées sont lues, ou laissées.|Choisir par --visible.",
    "hidden-sheet": "Une feuille masquée ressemble à une liste, et n’est pas lue.|La montrer, ou la nommer par --sheet.",
    "missing-column": "Une colonne obligatoire manque.|L’ajouter.",
    "old-workbook": "Le classeur est d’un ancien format.|L’enregistrer en .xlsx.",
    "row-left-aside": "Des lignes du fichier ne sont pas des adhérents : titre, total, exemple, ligne vide.|Rien.",
    "several-adherents": "Le fichier décrit plusieurs adhérents.|Employer « conventool batch ».",
    "shared-cell": "Une cellule tient deux valeurs que rien ne sépare sûrement.|Les mettre en deux colonnes.",
    "shared-column": "Une colonne est lue pour plusieurs champs.|Rien, si c’est voulu.",
    "unknown-format": "Le format du fichier n’est pas connu.|Donner un des formats que dit l’aide.",
    "no-row-chosen": "Aucune ligne de la liste ne répond au choix demandé.|Corriger --lignes ou --seulement.",
    "unknown-sheet": "Le classeur n’a pas de feuille de ce nom.|Prendre une de celles qui sont nommées.",
    "unreadable": "Le fichier ne peut pas être lu.|Suivre l’aide du message.",
    "unwritable": "Le fichier ou le dossier ne peut pas être écrit, ou tient autre chose.|Le fermer ailleurs, ou --force.",
}

_TEMPLATES = {
    "bad-price": "Un prix du catalogue est faux : tranches qui se recouvrent, TVA non décidée, montant négatif.|Corriger cette ligne de catalogue.yaml.",
    "bad-expression": "Une expression du manifeste est fausse.|La corriger.",
    "control-ambiguous": "Une adresse désigne plusieurs contrôles.|Ajouter le rang : « #1 », « #2 ».",
    "control-conflict": "Deux valeurs vont au même contrôle.|N’en donner qu’une.",
    "control-missing": "Une adresse ne désigne aucun contrôle.|Prendre une des adresses que dit « conventool inspect ».",
    "control-tracked": "Le contrôle contient des modifications suivies.|Les accepter ou les refuser dans Word.",
    "control-unbound": "Aucune valeur du manifeste ne va à ce contrôle.|Lui en donner une, ou le dire laissé.",
    "blank-in-text": "Des points, des tirets bas ou des crochets à remplir ne sont dans aucun contrôle du formulaire.|En faire des contrôles par --placeholder, ou les laisser à la main.",
    "control-undecided": "Ce que reçoit le contrôle n’a pas pu être reconnu.|Compléter le manifeste proposé.",
    "control-unfillable": "Le contrôle contient ce qui ne se remplit pas.|Le retirer des données.",
    "control-without-content": "Le contrôle n’a pas de contenu.|Enregistrer de nouveau le document dans Word.",
    "control-without-properties": "Le contrôle n’a pas de propriétés.|Enregistrer de nouveau le document dans Word.",
    "control-without-tag": "Le contrôle n’a pas de balise.|Lui en donner une dans Word, onglet Développeur.",
    "data-missing": "Le contrôle est lié à une donnée que le document n’a pas.|Rien : son texte seul est rempli.",
    "duplicate-control-id": "Deux contrôles ont le même identifiant.|Enregistrer de nouveau le document dans Word.",
    "duplicate-tag": "Plusieurs contrôles ont la même balise.|Rien, ou ajouter le rang pour n’en remplir qu’un.",
    "fixed-word": "Un mot fixe du texte devrait s’accorder avec l’adhérent.|En faire un contrôle dans Word.",
    "golden-missing": "Le texte de référence du modèle manque.|Le créer par « conventool check --update ».",
    "invalid-for-word": "Word refuserait ce document.|L’enregistrer de nouveau dans Word.",
    "leftover-placeholder": "Un texte d’espace réservé est resté dans un document rempli.|Donner la valeur qui manque.",
    "list-item-missing": "La liste du contrôle n’a pas cette valeur.|L’ajouter à la liste dans Word.",
    "macros": "Le document contient des macros, gardées telles quelles.|Rien.",
    "comment-left": "Le document contient des commentaires.|Les supprimer dans Word.",
    "personal-metadata": "Les propriétés du document nomment une personne.|Les ôter dans Word.",
    "stale-field": "Un champ garde son ancien résultat.|Le mettre à jour dans Word (F9).",
    "mail-merge-removed": "Le document n’est plus lié à sa liste de publipostage.|Rien.",
    "merge-field-left": "Un champ de fusion n’a pas pu devenir un contrôle.|Le remplacer dans Word.",
    "merge-switch-lost": "Un champ de fusion devient un contrôle, sans ses options.|Écrire ce qu’elles ajoutaient.",
    "no-control": "Le document n’a aucun contrôle de contenu.|En ajouter dans Word, ou employer --placeholder.",
    "prompt-style-missing": "Le style des textes d’espace réservé manque.|Enregistrer de nouveau le document dans Word.",
    "unsafe-document": "Le fichier est construit comme pour une attaque.|Ne pas l’ouvrir ; demander l’original.",
}

_RETURNS = {
    "altered-text": "Le texte fixe a changé.|Comparer avec le modèle, et demander pourquoi.",
    "changed-after-signature": "Après une signature électronique, autre chose que des signatures a été ajouté au fichier, ou changé.|Redemander le fichier tel que la plateforme l’a rendu.",
    "altered-value": "Une valeur a changé depuis l’envoi.|Vérifier avec qui l’a changée.",
    "ambiguous-name": "Le document ne dit pas où finit le prénom.|Corriger au besoin.",
    "attached-file": "Un fichier est joint au PDF ; il n’a pas été lu.|L’ouvrir et le lire, ou demander le PDF sans lui.",
    "by-hand": "Le document porte ce qu’ajoute une signature : date, mention, tampon.|Le lire.",
    "converted": "Un document d’un autre traitement de texte a été lu comme LibreOffice l’enregistre pour Word.|Le demander en .docx ou en PDF.",
    "drawn-otherwise": "Un texte est dessiné autrement qu’il n’est écrit.|Regarder ce passage, avec --images.",
    "duplicate-piece": "Une annexe est donnée deux fois pour un même adhérent.|Garder le fichier qui fait foi.",
    "earlier-template": "Le document vient d’une version antérieure du modèle.|Rien, sauf si ce qui a été envoyé l’était d’après une autre.",
    "foreign-content": "Le document dessine ce que le modèle n’a pas.|Regarder ce passage, avec --images.",
    "hidden-text": "Le document cache du texte.|Le regarder dans Word, texte masqué affiché.",
    "joined-document": "Un PDF contient aussi un autre document, ou un deuxième exemplaire.|Le séparer, et le vérifier à part.",
    "look-alike": "Des caractères se ressemblent et ne sont pas les mêmes.|Vérifier l’original.",
    "misplaced-page": "Un PDF a une page en double ou d’un autre numéro, ou une pièce avant celle qu’elle suit.|Le remettre en ordre.",
    "missing-content": "Le document ne dessine plus ce que le modèle a.|Comparer avec le modèle.",
    "missing-piece": "Une annexe n’est pas parmi les fichiers donnés, où d’autres du même adhérent sont.|Donner aussi son fichier, ou la redemander.",
    "other-piece": "Le document est une autre pièce que la convention : ses données n’y sont pas toutes.|Lire la convention.",
    "piece-of-another": "Une annexe est d’un adhérent dont la convention n’est pas là, et manque à une convention qui y est.|Vérifier de qui vient ce fichier.",
    "pieces-differ": "Deux pièces d’un même adhérent ne disent pas la même chose.|Les comparer : l’une a été changée.",
    "folder-skipped": "Un dossier n’a pas été parcouru : il est interdit, ou c’est un lien.|Donner le droit d’y entrer, ou ce dossier lui-même.",
    "joined-copies": "Un PDF joint plusieurs exemplaires d’une convention ; chacun a été vérifié.|Rien ; pour que le dossier note le retour de chacun, donner un fichier par exemplaire.",
    "mixed-copies": "Des pages sont d’un autre exemplaire que les autres.|Redemander un exemplaire entier.",
    "no-document": "Ce n’est pas un document rempli.|Donner un .docx ou un PDF.",
    "no-manifest": "Le dossier n’a pas de manifeste.|Nommer le modèle par --template.",
    "not-compared": "Une partie du document n’a pas été comparée.|La lire soi-même.",
    "not-filled": "Le document n’est pas rempli.|Rien.",
    "not-in-data": "Le document n’est celui d’aucun adhérent des données.|Vérifier d’où il vient.",
    "not-verified": "Ce fichier n’est ni un .docx ni un PDF : personne ne l’a vérifié.|L’enregistrer en .docx ou en PDF.",
    "not-read": "Ce fichier n’est ni un .docx ni un PDF : ses données n’ont pas été lues.|L’enregistrer en .docx ou en PDF.",
    "not-read-back": "Une valeur imprimée ne se relit pas sûrement, et n’est pas dans les données.|La compléter à la main.",
    "not-printed": "Le modèle n’imprime pas tout ce qu’il faut pour le remplir.|Ajouter ces données à celles qui sont lues.",
    "not-reproduced": "Les données lues, ou le catalogue, ne redonnent pas exactement le texte.|Vérifier, corriger au besoin.",
    "reprinted": "Un autre programme a imprimé les pages de nouveau : leurs images ne se comparent pas.|Rien.",
    "right-to-left": "Un passage s’écrit de droite à gauche : un PDF n’en garde pas l’ordre, et il n’est pas comparé.|Relire ce passage.",
    "scanned": "La page est une image : son texte reconnu ne prouve rien.|La relire à côté de l’attendue, avec --images.",
    "signatory-mismatch": "Le signataire n’est pas celui du modèle.|Vérifier.",
    "signature-broken": "Une signature électronique ne vaut pas pour ce fichier : des octets ont changé depuis, ou elle est fausse.|Redemander le fichier tel que la plateforme l’a rendu.",
    "signature-unread": "Un PDF est signé électroniquement, et ce qui lit les signatures n’est pas installé.|Installer conventool[signature].",
    "signed": "Un PDF est signé électroniquement : par qui, quand, sur quoi ; rien n’a changé depuis.|Voir si le certificat est bien celui du signataire : il n’est pas jugé.",
    "signed-document": "Le document porte une signature électronique, que remplir détruit.|Partir du document non signé.",
    "struck-out": "Un texte est barré, ou ne l’est plus là où le modèle le barre.|Redemander un exemplaire conforme.",
    "unnamed-letters": "Un PDF ne dit pas quelles lettres ses polices dessinent, et ce poste ne les connaît pas.|Le relire à côté de l’original, ou redemander le PDF d’origine.",
    "unlike-sent": "La page n’est pas dessinée comme dans le PDF envoyé.|La regarder à côté de lui, avec --images.",
    "tracked-change": "Le document contient des modifications suivies.|Les accepter ou les refuser dans Word.",
    "unknown-template": "Le document ne vient d’aucun modèle connu.|Nommer le modèle par --template.",
}

_PAPER = {
    "annex-missing": "Une annexe n’est pas là.|La mettre en place, ou corriger son chemin.",
    "annex-not-accessible": "Une annexe n’est pas accessible : son PDF n’est pas balisé.|La refaire, si cela importe.",
    "annex-not-pdfa": "Une annexe n’est pas au format PDF/A.|La refaire au format PDF/A.",
    "annex-passive": "D’une annexe, seul ce qui se voit est joint : ni script, ni lancement, ni fichier joint.|Rien, ou vérifier cette annexe.",
    "annex-unreadable": "Une annexe ne peut pas être lue.|Vérifier ce fichier PDF.",
    "conversion-failed": "LibreOffice n’a pas converti ce document.|L’ouvrir dans LibreOffice pour voir pourquoi.",
    "copies-converted": "Tiré d’un autre exemplaire, un PDF n’était pas le même : tous sont refaits par LibreOffice.|Rien.",
    "font-missing": "Une police du document n’est pas installée : la mise en page peut changer.|L’installer.",
    "sign-missing": "La police du document n’a pas un signe : une autre le dessine, ou aucune.|L’écrire autrement.",
    "no-signature-block": "Le modèle ne dit pas où signer, ou le document n’a pas le texte qu’il dit.|Écrire « signatures » dans le manifeste.",
    "signer-without-mail": "Des signataires n’ont pas d’adresse de courriel dans signataires.csv.|La donner dans la liste, dans suivi.xlsx, ou sous « parties » dans le manifeste.",
    "signers-unknown": "Aucun dossier de suivi ne dit de qui sont les documents : signataires.csv n’est pas écrit pour eux.|Faire leurs PDF par « fill » ou « batch ».",
    "office-failed": "LibreOffice s’est arrêté.|Relancer ; voir docs/pdf.md.",
    "office-missing": "LibreOffice n’est pas installé.|L’installer.",
    "office-too-old": "LibreOffice est trop ancien.|Le mettre à jour.",
    "path-outside": "Un chemin mène hors du dossier où il doit rester.|Copier le fichier dans ce dossier.",
    "left-out": "LibreOffice n’imprime pas une chose que Word montre.|Mettre à sa place du texte ou une image.",
    "formula-missing": "Le PDF n’a pas les formules du document : LibreOffice Math manque.|L’installer, puis convertir de nouveau.",
    "outside-reference": "Le document renvoie hors de lui-même (image liée, champ, objet) : ce n’est pas imprimé.|Le mettre dans le document.",
}

_FOLDER = {
    "file-changed": "Un fichier n’est plus celui qui a été produit.|Relancer la commande qui l’a produit.",
    "file-missing": "Un fichier produit n’est plus là.|Relancer la commande qui l’a produit.",
    "file-differs": "Un fichier différent porte déjà ce nom.|Le remplacer par --force, ou choisir un autre dossier.",
    "kept": "Un fichier remplacé est gardé, car quelqu’un l’a modifié.|Le supprimer soi-même, s’il ne sert plus.",
    "local-template": "Un dossier placé là où vous travaillez sert de modèle, au lieu de celui du programme.|Rien, si c’est voulu.",
    "mail-address": "Un adhérent n’a pas d’adresse de courriel, ou elle n’en est pas une.|L’écrire dans la colonne « Courriel » de suivi.xlsx.",
    "mail-too-big": "Les pièces d’un courriel dépassent 20 Mo.|En joindre moins, par « pieces » dans le modèle du courriel.",
    "no-deadlines": "Le modèle ne dit pas ses échéances, ou n’est plus là.|Compléter « duree » dans son manifeste, ou le remettre à sa place.",
    "no-longer-listed": "Un adhérent n’est plus dans la liste ; ses fichiers restent.|Les retirer par --prune, s’ils ne servent plus.",
    "old-manifest": "Un manifeste d’une version précédente est là, et n’est plus lu.|Rien ; il peut être supprimé.",
    "pdf-outdated": "Un PDF vient d’une version précédente de son document Word.|Le refaire par --pdf.",
    "pruned": "Un fichier remplacé a été retiré, ou le serait.|Rien.",
    "superseded": "Les fichiers précédents d’un adhérent sont remplacés par d’autres et restent.|Les retirer par --prune, s’ils ne servent plus.",
    "unknown-adherent": "Le nom donné n’est pas celui d’un adhérent du dossier, ou est celui de plusieurs.|Donner le nom exact, ou le code INSEE.",
    "tracking-contradiction": "Le tableau de suivi et le dossier disent deux choses ; le tableau l’emporte.|Corriger le tableau, si c’est lui qui a tort.",
    "typed-over": "Quelqu’un a saisi dans une colonne que le programme écrit ; sa saisie est gardée dans une autre.|Rien, ou la reporter où elle sert.",
    "line-of-nobody": "Des lignes du tableau de suivi ne sont celles d’aucun adhérent du dossier, ou répètent la sienne.|Rien pour un total ; sinon, y écrire le nom et le code postal d’un adhérent.",
    "workbook-not-read": "Un tableau de suivi est enregistré dans un autre format, ou sa feuille est copiée : seule la vraie est lue.|Y reporter ce qui sert, puis supprimer l’autre.",
    "workbook-kept": "Le tableau de suivi contenait ce que le nouveau n’a pas : il est gardé à côté.|Y reprendre ce qui sert, puis le supprimer.",
    "workbook-open": "Le tableau de suivi n’a pas pu être remplacé.|Le fermer dans Excel, puis relancer la commande.",
    "workbook-unreadable": "Le tableau de suivi ne se lit pas ; il reste en place, le nouveau est à côté.|Reporter ce qui sert dans le nouveau, puis le supprimer.",
}
_PROGRAM = {
    "bug": "Le programme s’est trompé.|Le signaler, avec le fichier que dit le message.",
    "interrupted": "La commande a été interrompue.|La relancer : elle reprend.",
    "same-file-name": "Deux adhérents auraient les mêmes fichiers.|Les distinguer, par leur nom ou leur code postal.",
    "bad-settings": "Le fichier conventool.toml dit ce qu’il ne peut pas dire.|Le corriger ; docs/reglages.md dit ce qu’il peut contenir.",
    "usage": "La commande est mal écrite.|Voir --help.",
    "wrong-command": "Ce fichier est pour une autre commande.|Écrire celle que dit le message.",
    "worker-died": "Un processus s’est arrêté, faute de mémoire sans doute.|Relancer, avec --jobs 1.",
}

GROUPS: Mapping[str, Mapping[str, Meaning]] = MappingProxyType(
    {
        title: MappingProxyType({code: Meaning(*text.split("|")) for code, text in codes.items()})
        for title, codes in (
            ("Les données d’un adhérent", _DATA),
            ("Les fichiers de données", _FILES),
            ("Les modèles et les formulaires", _TEMPLATES),
            ("Les documents qui reviennent", _RETURNS),
            ("Les PDF", _PAPER),
            ("Le dossier de sortie", _FOLDER),
            ("Le programme", _PROGRAM),
        )
    }
)
"""The codes by what they are about; the titles are French."""

PROBLEM_CODES: Mapping[str, Meaning] = MappingProxyType(
    {code: meaning for codes in GROUPS.values() for code, meaning in codes.items()}
)
"""Every code."""
