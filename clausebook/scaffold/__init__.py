"""How a deal begins: the least agreement of a type, a copy of another deal, words that depart from the library's."""
