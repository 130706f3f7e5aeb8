"""The frame of learning: encoders, demonstrations, training, evaluation. Heavy libraries load where they are used."""
