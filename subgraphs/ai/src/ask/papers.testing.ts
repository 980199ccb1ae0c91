/** Papers as the reader gives them: a tab where a cell ends, an empty line between blocks. Written for the tests. */
export const invoice = `Transports Kerouac SAS	FACTURE

8 quai de la Fosse
44000 Nantes

Réf. facture	FA-2025-0417
Émise le	03/02/2025
À régler avant le	05/03/2025
Votre commande	CDE-9921

Facturé à

Menuiserie Guilloux
14 rue des Carmes
35000 Rennes
N° TVA : FR83404833048

Désignation	Qté	PU HT	TVA	Montant HT

Palette Europe, messagerie	6	70,00	20 %	420,00 €
Manutention (heure)	3	40,00	20 %	120,00 €

Total HT	540,00 €
TVA 20 % (base 540,00 €)	108,00 €
Total TTC	648,00 €

Règlement par virement – IBAN FR76 3000 6000 0112 3456 7890 189 – BIC AGRIFRPP
Transports Kerouac SAS au capital de 9 000,00 € – RCS Nantes 732 829 320 – SIRET 732 829 320 00074`

export const deliveryNote = `Transports Kerouac SAS	Bon de livraison

N° BL-70233

Destinataire

Librairie du Port	Livré le : 11/03/2025 à 9 h 15
2 place du Marché, 29200 Brest	Commande : CDE-1177

Nombre de colis	Poids brut (kg)	SSCC
14	121,5	340123450000000018

Réserves du destinataire : Colis n° 2 mouillé

Nom et signature :`

export const houseRules = `Le Mas des Lauriers

Arrivée et départ

L'arrivée se fait à partir de 17 h. Le logement est libéré au plus tard à 10 h le jour du départ. Les clés sont
dans la boîte à droite de la porte.

Vie dans la maison

La piscine est ouverte de 9 h à 20 h. Les chiens sont acceptés s'ils pèsent moins de 12 kg. Il est interdit de fumer à
l'intérieur.

Caution

La caution est de 650 euros. Elle est rendue dix jours après le départ.

En cas de problème

Appelez Nadia Ferrand au 06 44 21 80 17, de 8 h à 21 h.`
