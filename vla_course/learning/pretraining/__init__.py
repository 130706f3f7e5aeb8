"""How the shipped encoders were taught: pictures, captions, contrastive training, retrieval, the card."""
