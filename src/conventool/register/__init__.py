"""The official register of communes, EPCI and départements."""
