import { foldText } from '@passerelle/platform/identifiers'

/** Text in lower case without accents and with one kind of apostrophe, of the same length, so that offsets are shared. */
export function plain(text: string): string {
  const lower = foldText(text).toLowerCase()
  return lower.length === text.length ? lower : foldText(text)
}

const list = (words: string) => new Set(words.trim().split(/\s+/))

/** Words that say what a company does: a name that holds one is no person's. */
export const tradeWords = list(`
  transport transports logistique logistics fret freight messagerie messageries express courses colis entrepot entrepots affretement demenagement
  demenagements froid garage pharmacie boulangerie patisserie librairie clinique hopital hotel auberge mairie commune atelier ateliers cave caves
  menuiserie restaurant brasserie cafe bar conciergerie societe ste ets etablissements agence cabinet ecole college lycee universite banque
  syndicat association groupe group services service immobilier immobiliere gestion assurance assurances mutuelle imprimerie fromagerie boucherie
  epicerie supermarche marche magasin boutique fleuriste coiffure nettoyage blanchisserie pressing laverie plomberie electricite peinture
  construction batiment travaux industrie industries manufacture usine distribution import export international company consulting conseil studio
  studios editions media systems systemes technologies solutions holding compagnie cie international warehouse shipping lines airlines cargo
  ministere prefecture departement region metropole communaute direction tribunal office centre center institut musee theatre residence`)

/** Words that begin the name of a street or a building, so that a person's name behind them is only its name. */
export const streetWords = list(`
  rue avenue av bd boulevard chemin place quai allee allees impasse route cours square passage faubourg pont esplanade promenade sentier voie villa
  rond-point street road lane drive saint sainte st ste lycee college ecole hopital clinique hotel gare port aeroport stade parc residence fondation`)

/** First names that are common in France and around, enough to tell a person from a company when nothing else does. */
export const firstNames = list(`
  adele adrien agathe agnes alain albert alex alexandra alexandre alexis alice aline alison amandine amelie anais andre andrea angelique anna anne
  annie anthony antoine antonin arnaud arthur aude audrey augustin aurelie aurelien axel baptiste bastien beatrice benjamin benoit bernadette bernard
  bertrand brigitte bruno camille carine carole caroline catherine cecile cedric celine chantal charles charlotte chloe christelle christian christiane
  christine christophe claire clara claude claudine clement clementine colette coralie corinne cyril damien daniel daniele david deborah delphine denis
  denise didier dominique edith edouard elena eliane elisabeth elise elodie eloise emile emilie emma emmanuel emmanuelle eric estelle esther ethan
  etienne eva evelyne fabien fabienne fabrice fanny fatima felix fernand florence florent florian francis franck francois francoise frederic frederique
  gabriel gabrielle gaelle gaetan gael genevieve georges gerard gerald ghislaine gilbert gilles gregory guillaume guy gwenaelle hamid hans hassan helene
  henri herve hortense hubert hugo hugues ines irene isabelle jacqueline jacques james jane jean jeanne jennifer jeremie jeremy jerome jessica joel joelle
  johan john jonathan joseph josette josiane jules julia julie julien juliette justine karim karine kevin lambert laetitia lara laura laure laurence
  laurent lea leila leo leon leonie lise lionel loic lola louis louise luc lucas lucie lucien lucienne ludovic lydia lydie madeleine magali manon marc
  marcel marcelle margaux margot maria marie marine marion marius mark marlene marguerite martine mary maryse mathieu mathilde matthieu maud maurice max maxime
  melanie melissa michael michel michele mickael mireille mohamed mohammed monique morgane muriel myriam nadege nadia nadine nathalie nathan nicolas nicole
  nina noe noel noemie odette odile olivia olivier ophelie oceane pascal pascale patrice patricia patrick paul paula paulette pauline peter philippe
  pierre quentin rachel rachid raphael raymond rebecca regine regis remi remy renaud rene renee richard robert robin roger roland romain romane rose
  sabine sabrina salome samia samir samuel sandra sandrine sara sarah sebastien serge severine simon simone solange solene sonia sophie stephane stephanie
  suzanne sylvain sylvaine sylvie sylvia tanguy tatiana theo theodore therese thibault thibaut thierry thomas tiffany timothee tom tony tristan ugo valentin
  valentine valerie vanessa veronique victor victoire victoria vincent virginie viviane walter william xavier yann yannick yasmine yoann yohan youssef
  yves yvette yvonne zoe`)
