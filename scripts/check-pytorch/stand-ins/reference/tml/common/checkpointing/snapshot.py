"""A snapshot is a folder by step; torchsnapshot's is more, but asks the same of its state: state_dict()."""
import os

import torch


class Snapshot:
    def __init__(self, save_dir, state):
        self.save_dir, self.state = save_dir, state

    def save(self, global_step):
        folder = os.path.join(self.save_dir, str(global_step))
        os.makedirs(folder)
        torch.save({name: part.state_dict() for name, part in self.state.items()}, os.path.join(folder, "state.pt"))
        return self

    def wait(self):
        return self
