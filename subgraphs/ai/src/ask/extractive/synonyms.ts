import { analyse } from '@passerelle/platform/text'

/** Words of houses, goods, people and time that say the same, in French and English; one group per line. */
const groups = `
partir départ quitter libérer leave departure checkout
arriver arrivée arrival checkin
clé clés keys key lockbox
caution garantie deposit
piscine bassin pool
chien chiens dog dogs animal animaux pet pets
chat chats cat cats
fumer fumeur cigarette smoke smoking
garer stationner stationnement parking park
voiture véhicule auto automobile car cars vehicle
camion poids-lourd truck lorry
fourgon utilitaire camionnette van vans
poubelle poubelles déchets ordures rubbish waste trash garbage bin bins
recyclage jaune jaunes tri recycling
encombrants bulky
bruit silence calme bruyant noise quiet noisy
chambre chambres bedroom bedrooms
lit lits couchage bed beds
draps linge literie linen sheets
serviette serviettes towel towels
cuisine kitchen
salle bain bathroom bathrooms
voyageur voyageurs vacancier hôte hôtes occupant guest guests
personne personnes gens people persons
jardin jardinier garden gardener
ménage nettoyage cleaning
wifi internet réseau network
télévision téléviseur tv television
chauffage chauffer chaudière radiateur heating heater boiler
climatisation climatiseur conditioning
panne défaut cassé défaillance broken fault breakdown
réparer réparation dépannage dépanneur repair repairs
fuite fuir leak
gaz gas
électricité électrique courant electricity electric power
eau water
feu incendie brûler brûlé brûla fire burn
odeur sentir sent senteur smell
porte portail entrée door gate
étage niveau floor storey
ascenseur lift elevator
immeuble bâtiment résidence building
maison villa logement appartement habitation house flat apartment property
propriétaire bailleur owner landlord
locataire preneur tenant
loyer rent
bail location lease rental
gardien gardienne concierge caretaker janitor
voisin voisins voisinage neighbour neighbours
petit-déjeuner déjeuner breakfast
plage mer beach sea
magasin supermarché commerce épicerie shop supermarket
restaurant restaurants
gare train station
avion aéroport vol flight airport plane
taxi navette shuttle
vélo vélos bicyclette bike bikes bicycle
enfant enfants bébé fils fille child children baby kids
adulte adultes adult adults
handicapé handicapés handicap fauteuil disabled wheelchair
médecin docteur doctor
pharmacie pharmacy
prix tarif coût coûter facturer payant price cost fee charge charged
gratuit offert franco free
supplément majoration surcharge extra
remise rabais réduction ristourne discount
remboursement rembourser restituer rendre restituée rendue refund refunded released back
virement virer transfer
payer paye payé régler réglé paiement règlement payable verser versé versement acquitter pay paid payment payable due
total montant somme amount sum
carte card
espèces liquide cash
chèque cheque
impôt taxe taxes tax
assurance assuré assureur assurer insurance insured insurer
indemnité indemniser dédommagement compensation indemnity
amende pénalité sanction penalty fine
retard tardif delay late delayed
annuler annulation cancel cancellation
résilier résiliation dénoncer dénonciation préavis terminate termination notice
durée durer dure duration last lasts
début commencer commence débuter start begin begins starts
fin finir terminer achever achevé end finish ends
ouvrir ouvert ouverture open opens opening
fermer fermé fermeture close closed closes
changer changé changée remplacer remplacé remplacement change changed replace replaced
modifier modification révisé réviser révision change amend
créer créé fonder fondé fondation établi founded created established
construire construit construction bâtir bâti build built
détruire détruit destruction destroyed
inaugurer inauguré inauguration inaugurated opened
acheter achat acquis acquérir buy bought purchase
vendre vente sell sold sale
diriger dirige dirigé directeur directrice gérant gérante manager director manages head
chef responsable référent référente contact chief responsible
présider préside président présidente chair president
employer employé employés salarié salariés ouvrier ouvriers effectif employees staff workers
travailler travail emploi work job
chauffeur conducteur conducteurs driver drivers
expéditeur expédier expédition chargeur sender shipper consignor
destinataire destination consignee recipient receiver
transporteur transporter carrier haulier
marchandise marchandises produits biens goods cargo
colis paquet parcel parcels package packages
palette palettes pallet pallets
conteneur conteneurs container containers
emballage emballer packaging packing
étiquette étiqueter label labels
charger chargement load loading loaded
décharger déchargement unload unloading unloaded
livrer livraison livré livrée deliver delivery delivered
enlèvement ramassage ramasser enlever pickup collection collected
entrepôt dépôt hangar warehouse depot
quai dock ramp platform
abîmé abîmée endommagé endommagée avarie casse damaged damage
perdu perte lost loss
volé voler stolen theft
réclamation plainte litige claim complaint dispute
colis reçu réception recevoir receipt received
vérifier vérification contrôler contrôle inspecter inspection check inspect
signer signature signé sign signed
bateau navire vaisseau vessel ship boat
vitesse speed
hauteur haut height high
poids pèse peser lourd weight weigh heavy
température degrés temperature
froid frais réfrigéré frigorifique refrigerated cold chilled
réunion séance assemblée meeting
absent absente excusé absence absent
recruter recrutement embaucher recherché hire recruit
salaire salaires rémunération paie wage salary salaries pay
congé congés vacances holiday holidays leave
formation former training
logiciel application programme software program
facture facturation invoice
commande order
devis estimation quote quotation
contrat convention contract agreement
adresse address domicile
téléphone tél portable joignable appeler appelez phone call mobile
courriel e-mail mail email
mot passe password
urgence urgent secours emergency urgent
accident sinistre accident
interdit interdite interdiction défendu prohibé forbidden prohibited
autorisé autorisée permis permise accepté acceptée acceptés admis admise toléré welcome allowed permitted accepted
obligatoire exigé compulsory mandatory required
nuit soir soirée night evening
matin matinée morning
semaine hebdomadaire week weekly
mois mensuel month monthly
an année annuel annuelle year yearly annual
juge tribunal juridiction court
musée museum
visiteur visiteurs visiter visitor visitors visit
prochain prochaine suivant next following
ancien ancienne vieux old oldest
actuel actuelle aujourd'hui now current today`

const members = new Map<string, Set<string>>()
const wordsOf = new Map<string, string[]>()
for (const line of groups.trim().split('\n')) {
  const words = line.split(' ')
  const terms = new Set([...analyse(line, 'fr'), ...analyse(line, 'en')])
  for (const term of terms) {
    members.set(term, new Set([...(members.get(term) ?? []), ...terms]))
    wordsOf.set(term, [...(wordsOf.get(term) ?? []), ...words])
  }
}

/** The terms of words that say the same as a word with these terms; none when it is in no group. */
export function alike(terms: ReadonlySet<string>): Set<string> {
  return new Set([...terms].flatMap((term) => [...(members.get(term) ?? [])]))
}

/** Words to search for besides one with these terms. */
export function otherWordsFor(terms: ReadonlySet<string>): string[] {
  return [...new Set([...terms].flatMap((term) => wordsOf.get(term) ?? []))]
}
