/** What the playground rebuilds, and what it does otherwise because the published code gets it wrong. */

export function AboutReference() {
  return (
    <>
      <p>
        In March 2023 Twitter published the code of the model that scored each candidate for the home
        timeline: a parallel MaskNet with 48,115,108 parameters and ten heads, one for each act it predicts.
        The playground rebuilds that model from its configuration file, under the same parameter names, and
        checks its numbers against the published PyTorch code.
      </p>
      <h3>What the published code gets wrong, and what happens here</h3>
      <ul>
        <li>
          <strong>Labels of the wrong head.</strong> The data has thirteen labels and the model ten heads, and
          the code pairs them by position. Every head learns another head's label. Here labels are matched by
          name.
        </li>
        <li>
          <strong>One record of data.</strong> The script for random data writes a single record whatever
          number is asked for, so all rows of a batch are alike and BatchNorm removes the whole signal. Here
          as many examples are made as you ask for.
        </li>
        <li>
          <strong>Labels from 0 to 9.</strong> Its labels are digits, and a cross-entropy with such labels has
          no lower bound. Here labels are 0 or 1; the digits are still there as a choice, for files meant for
          the published code.
        </li>
        <li>
          <strong>Ten steps under ramps of thousands.</strong> The published settings stop while learning
          rates are at a thousandth of their value or less: nothing is learned. The default here has short
          ramps.
        </li>
        <li>
          <strong>No metric is ever computed</strong>, and <code>validation_data</code> is never read. Here
          each head is evaluated on held-out examples.
        </li>
        <li>
          <strong>Settings that crash</strong> there: a serial MaskNet with an mlp, one-layer MLPs without
          activation, a featurization other than the default, a single-task learning rate. They train here.
          DCN, DLRM, small embeddings and position debiasing crash there and are named as not supported yet
          here.
        </li>
        <li>
          <strong>Checkpoints.</strong> <code>checkpoint_max_to_keep</code> does nothing there, and each run
          deletes the one before. Here it is kept to.
        </li>
      </ul>
      <h3>What is not the reference's</h3>
      <p>
        The production data and weights were never published, and neither was the order of the feature
        columns. The data here is synthetic, the tweets are invented, and the mapping of feature names to
        columns is the playground's own. The head weights are the published ones, with their dates.
      </p>
    </>
  );
}
