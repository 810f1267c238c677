/**
 * The notebook of an ONNX graph: nodes with names, initializers once each, and the file's bytes at the end. It knows
 * ONNX and nothing of models.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';

/** The first operator set with LayerNormalization; runtimes since 2022 read it. */
export const OPSET = 17;
/** The file format's version that came with that operator set. */
const IR_VERSION = 8;

/** The rows of every value: any number. */
const BATCH = 'batch';

/** An attribute; whole numbers and floats are different types in ONNX, so the kind is said. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.INT,
        i: BigInt(attribute.value),
      });
    case 'float':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.FLOAT,
        f: attribute.value,
      });
    case 'ints':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.INTS,
        ints: attribute.value.map(BigInt),
      });
  }
}

function valueInfo(name: string, width: number, docString: string): ValueInfoProto {
  const dim = [
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: BATCH } }),
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(width) } }),
  ];
  const tensor = create(TypeProto_TensorSchema, {
    elemType: TensorProto_DataType.FLOAT,
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    docString,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}

export interface OnnxModelInfo {
  readonly name: string;
  readonly docString: string;
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export class OnnxWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];

  /** A float32 input [batch, width]. @returns its name. */
  input(name: string, width: number, docString: string): string {
    this.#inputs.push(valueInfo(name, width, docString));
    return name;
  }

  /** Makes the value of that name an output [batch, width]. */
  output(name: string, width: number, docString: string): void {
    this.#outputs.push(valueInfo(name, width, docString));
  }

  /** A node with one output, both called `name`. @returns the name. */
  node(
    name: string,
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.#nodes.push(
      create(NodeProtoSchema, {
        name,
        opType,
        input: [...input],
        output: [name],
        attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
      }),
    );
    return name;
  }

  /** A float32 constant under a name; the second call with a name changes nothing. @returns the name. */
  tensor(name: string, shape: readonly number[], data: Float32Array): string {
    if (!this.#initializers.has(name)) {
      // Little endian, as in every place that this runs in.
      const bytes = new Uint8Array(new Float32Array(data).buffer);
      this.#initializers.set(
        name,
        create(TensorProtoSchema, {
          name,
          dims: shape.map(BigInt),
          dataType: TensorProto_DataType.FLOAT,
          rawData: bytes,
        }),
      );
    }
    return name;
  }

  /** A float32 scalar. */
  scalar(name: string, value: number): string {
    return this.tensor(name, [], Float32Array.of(value));
  }

  /** The file. */
  bytes({ name, docString, producer, metadata }: OnnxModelInfo): Uint8Array<ArrayBuffer> {
    const graph = create(GraphProtoSchema, {
      name,
      docString,
      node: this.#nodes,
      initializer: [...this.#initializers.values()],
      input: this.#inputs,
      output: this.#outputs,
    });
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(OPSET) })],
      producerName: producer,
      docString,
      graph,
      metadataProps: Object.entries(metadata).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      ),
    });
    return toBinary(ModelProtoSchema, model);
  }
}
