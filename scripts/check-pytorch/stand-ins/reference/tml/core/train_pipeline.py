import torch


class TrainPipelineSparseDist:
    def __init__(self, model, optimizer, device, enable_amp=False, grad_accum=None):
        self._model, self._optimizer = model, optimizer
        self._grad_scaler = torch.cuda.amp.GradScaler(enabled=enable_amp)
